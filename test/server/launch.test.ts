import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { portOwner } from "../../src/client/port.ts";
import { isAlive } from "../../src/client/process-identity.ts";
import { processOf } from "../../src/client/server-record.ts";
import { homes, recordOf, stateOf, statusOf } from "./home.ts";

const newHome = homes();

describe("a server is launched when a command needs one", () => {
  it("says so in one line on stderr, and stays", async () => {
    const home = newHome();
    const first = await home.succeed(["nodes", "list"]);
    const { pid, url } = recordOf(home);
    const line = `Started cluster "default" in the background (pid ${pid}, ${url}); end it with: kubesim server stop\n`;
    expect(first.stderr.startsWith(line)).toBe(true);
    const second = await home.succeed(["nodes", "list"]);
    expect(second.stderr).not.toContain("Started");
    expect(await statusOf(home)).toMatchObject({ running: true, pid });
  });

  it("is one server, however many commands want it at once", async () => {
    const home = newHome();
    const names = ["a", "b", "c", "d"];
    const outcomes = await Promise.all(names.map((name) => home.succeed(["nodes", "add", name])));
    const started = outcomes.filter(({ stderr }) => stderr.includes("Started cluster"));
    expect(started).toHaveLength(1);
    const { stdout } = await home.succeed(["nodes", "list", "-o", "name"]);
    expect(stdout.trim().split("\n").sort()).toEqual(names.map((name) => `node/${name}`));
    const ups = readFileSync(stateOf(home).log, "utf8")
      .split("\n")
      .filter((line) => line.includes("cluster is up"));
    expect(ups).toHaveLength(1);
  });

  it("is left alone by server start, which tells of a port that cannot be had", async () => {
    const home = newHome();
    expect((await home.succeed(["server", "start"])).stdout).toBe("server/default started\n");
    const before = recordOf(home);
    expect((await home.succeed(["server", "start"])).stdout).toBe("server/default is running already\n");
    expect(recordOf(home)).toEqual(before);
    const other = await home.run(["server", "start", "--port", String(before.port === 1024 ? 1025 : 1024)]);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain(`on port ${before.port} (pid ${before.pid})`);
  });

  it("ignores the locks and records of a server that was killed, and takes its port again", async () => {
    const home = newHome();
    await home.succeed(["nodes", "add", "kept"]);
    const before = recordOf(home);
    process.kill(before.pid, "SIGKILL");
    const { stdout, stderr } = await home.succeed(["nodes", "list", "-o", "name"]);
    expect(stdout).toBe("node/kept\n");
    expect(stderr).toContain("Started cluster");
    const after = recordOf(home);
    expect(after.pid).not.toBe(before.pid);
    expect(after.port).toBe(before.port);
  });

  it("is not fooled by a lock or record that names another living process", async () => {
    const home = newHome();
    await home.succeed(["server", "start"]);
    await home.succeed(["server", "stop"]);
    const { record, lock } = stateOf(home);
    const claim = { pid: process.pid, processStart: "another", startedAt: "another", nonce: "abc" };
    const { stoppedAt: _, ...old } = recordOf(home);
    writeFileSync(record, JSON.stringify({ ...old, ...claim }));
    writeFileSync(lock, JSON.stringify(claim));
    expect(await statusOf(home)).toMatchObject({ running: false });
    expect((await home.succeed(["server", "stop"])).stdout).toBe("");
    await home.succeed(["nodes", "list"]);
    expect(await statusOf(home)).toMatchObject({ running: true });
  });

  it("shows why it ended while it started", async () => {
    const home = newHome();
    await home.succeed(["server", "start"]);
    await home.succeed(["server", "stop"]);
    writeFileSync(`${stateOf(home).data}/store.mdb`, "this is no database");
    const { code, stderr, stdout } = await home.run(["nodes", "list"]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("error: ");
    expect(stderr).toContain("hint: ");
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(await statusOf(home)).toMatchObject({ running: false });
  });
});

describe("server stop", () => {
  it("ends the server, frees its port, and is harmless when none runs", async () => {
    const home = newHome();
    const never = await home.succeed(["server", "stop"]);
    expect([never.stdout, never.stderr]).toEqual(["", 'No server of cluster "default" is running\n']);
    await home.succeed(["server", "start"]);
    const record = recordOf(home);
    expect((await home.succeed(["server", "stop"])).stdout).toBe("server/default stopped\n");
    expect(await isAlive(processOf(record))).toBe(false);
    expect(await portOwner(record.port)).toBeUndefined();
    expect((await home.succeed(["server", "stop"])).stdout).toBe("");
    expect(await statusOf(home)).toMatchObject({ running: false, pid: null });
  });

  it("may come from several at once", async () => {
    const home = newHome();
    await home.succeed(["server", "start"]);
    const outcomes = await Promise.all([1, 2, 3].map(() => home.run(["server", "stop"])));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await statusOf(home)).toMatchObject({ running: false });
  });
});

describe("two clusters", () => {
  it("live side by side and know nothing of each other", async () => {
    const home = newHome();
    await Promise.all([
      home.succeed(["nodes", "add", "in-one", "--cluster", "one"]),
      home.succeed(["nodes", "add", "in-two"], { env: { KUBESIM_CLUSTER: "two" } }),
    ]);
    expect(recordOf(home, "one").port).not.toBe(recordOf(home, "two").port);
    const names = async (cluster: string) =>
      (await home.succeed(["nodes", "list", "-o", "name", "--cluster", cluster])).stdout;
    expect([await names("one"), await names("two")]).toEqual(["node/in-one\n", "node/in-two\n"]);
    await home.succeed(["server", "stop", "--cluster", "one"]);
    expect(await names("two")).toBe("node/in-two\n");
    // One cluster's token is worth nothing to the other.
    const crossed = await home.run(["nodes", "list", "--server", recordOf(home, "two").url], {
      env: {
        KUBESIM_TOKEN_FILE: stateOf(home, "one").token,
        KUBESIM_CA_FILE: stateOf(home, "two").authority,
      },
    });
    expect(crossed.code).toBe(1);
    expect(crossed.stderr).toContain("Unauthorized");
  });

  it("do not share a database, even when told to", async () => {
    const home = newHome();
    const data = `${home.path}/data`;
    await home.succeed(["server", "start", "--cluster", "one", "--data-dir", data]);
    const second = await home.run(["server", "start", "--cluster", "two", "--data-dir", data]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`in use by the server with pid ${recordOf(home, "one").pid}`);
  });
});
