import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROGRAM } from "../cli/program.ts";
import { requirement } from "../requirements.ts";
import { homes, recordOf, stateOf, statusOf } from "./home.ts";

const newHome = homes();

/** Paths below a directory whose mode lets anybody but the owner in. */
function openTo(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return names.filter((name) => (lstatSync(join(directory, name)).mode & 0o077) !== 0);
}

describe("the state directory", () => {
  it("is its owner's alone, every file of it, under umask 000", async () => {
    const home = newHome();
    const run = spawnSync(
      "sh",
      ["-c", 'umask 000; exec "$@"', "sh", process.execPath, PROGRAM, "nodes", "add"],
      {
        env: home.env,
        encoding: "utf8",
      },
    );
    expect([run.status, run.stderr]).toEqual([0, expect.stringContaining("Started")]);
    const { path } = stateOf(home);
    expect(lstatSync(path).mode & 0o777).toBe(0o700);
    expect(readdirSync(path)).toEqual(
      expect.arrayContaining([
        "ca.crt",
        "data",
        "kubeconfig",
        "lock",
        "server.json",
        "server.log",
        "tls.crt",
        "tls.key",
        "token",
      ]),
    );
    expect(openTo(join(home.env.XDG_STATE_HOME as string, "kubesim"))).toEqual([]);
  });

  it("tells nobody the token: not in the log, the record, the process list or what commands print", async () => {
    const home = newHome();
    const { stdout, stderr } = await home.succeed(["nodes", "add", "--verbose"]);
    const directory = stateOf(home);
    const token = readFileSync(directory.token, "utf8").trim();
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const status = await home.succeed(["server", "status", "-o", "json"]);
    const { pid } = recordOf(home);
    const told = [
      stdout,
      stderr,
      status.stdout,
      readFileSync(directory.log, "utf8"),
      readFileSync(directory.record, "utf8"),
    ];
    if (process.platform === "linux")
      told.push(readFileSync(`/proc/${pid}/cmdline`, "utf8"), readFileSync(`/proc/${pid}/environ`, "utf8"));
    expect(told.filter((text) => text.includes(token))).toEqual([]);
  });

  it("keeps certificates and token over restarts", async () => {
    const home = newHome();
    await home.succeed(["server", "start"]);
    const { authority, certificate, key, token } = stateOf(home);
    const read = () => [authority, certificate, key, token].map((path) => readFileSync(path, "utf8"));
    const before = read();
    await home.succeed(["server", "stop"]);
    await home.succeed(["server", "start"]);
    expect(read()).toEqual(before);
  });

  it("that is read-only is an error with a hint, and nothing is started", () => {
    const home = newHome();
    const locked = join(home.path, "locked");
    mkdirSync(locked, { mode: 0o555 });
    // Root may write anywhere; the program is then run as nobody, who may not even enter the home.
    const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const run = spawnSync(process.execPath, [PROGRAM, "nodes", "list"], {
      env: { ...home.env, XDG_STATE_HOME: locked },
      cwd: "/",
      encoding: "utf8",
      ...asNobody,
    });
    expect([run.status, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toMatch(
      /^error: Couldn't write .*: (permission denied|the file system is read-only)\n/,
    );
    expect(run.stderr).toContain("hint: Point XDG_STATE_HOME to a directory that you may write to");
    expect(readdirSync(locked)).toEqual([]);
  });

  it("that is a file or a symbolic link is refused", async () => {
    const home = newHome();
    mkdirSync(home.env.XDG_STATE_HOME as string);
    writeFileSync(join(home.env.XDG_STATE_HOME as string, "kubesim"), "");
    const file = await home.run(["nodes", "list"]);
    expect([file.code, file.stderr]).toEqual([
      1,
      expect.stringContaining("a file stands where a directory should be"),
    ]);
    const linked = newHome();
    const { path } = stateOf(linked);
    mkdirSync(join(path, ".."), { recursive: true });
    symlinkSync(linked.path, path);
    const link = await linked.run(["nodes", "list"]);
    expect([link.code, link.stderr]).toEqual([1, expect.stringContaining("symbolic link")]);
  });

  it.each(["", "UPPER", "a/b", "..", "x".repeat(64)])(
    "has no cluster named %j: exit code 2",
    async (name) => {
      const home = newHome();
      const { code } = await home.run(["nodes", "list", `--cluster=${name}`]);
      expect(code).toBe(2);
      expect(readdirSync(home.path)).toEqual([]);
    },
  );
});

const tmpfs = requirement("mount a small file system", () => {
  const probe = spawnSync("sh", ["-c", "unshare -m mount -t tmpfs -o size=64k tmpfs /mnt"]);
  return probe.status === 0 ? undefined : "may not mount one here";
});

describe.skipIf(!tmpfs.available)("a state directory on a full disk", () => {
  it("is an error with a hint, and nothing is left running", async () => {
    const home = newHome();
    const state = home.env.XDG_STATE_HOME as string;
    mkdirSync(state);
    const mount = 'mount -t tmpfs -o size=64k,mode=700 tmpfs "$1"';
    const fill = 'head -c 70000 /dev/zero > "$1/fill" 2>/dev/null';
    const script = `${mount} || exit 9; ${fill}; shift; "$@"`;
    const run = spawnSync(
      "sh",
      [
        "-c",
        'exec unshare -m sh -c "$@"',
        "sh",
        script,
        "sh",
        state,
        process.execPath,
        PROGRAM,
        "nodes",
        "list",
      ],
      { env: home.env, encoding: "utf8" },
    );
    expect([run.status, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toContain("the disk is full");
    expect(run.stderr).toContain("hint: Free some room");
    expect(await statusOf(home)).toMatchObject({ running: false });
  });
});
