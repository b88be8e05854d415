import { basename } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";
import { binaries, kubectlRequirement } from "../kubectl/kubectl.ts";
import { Key, TerminalProgram } from "./terminal.ts";

const home = new Home();
let terminal: TerminalProgram | undefined;

/** Runs kubesim in a terminal. */
function open(argv: readonly string[], env: Readonly<Record<string, string>> = {}): TerminalProgram {
  terminal = new TerminalProgram(argv, { ...home.env, ...env });
  return terminal;
}

beforeAll(async () => {
  await home.succeed(["nodes", "add", "--cpu", "8"]);
  await home.succeed(["pods", "launch", "web", "--cpu", "100m", "--wait"]);
});
afterEach(() => terminal?.close());
afterAll(() => home.remove());

describe("kubesim pods exec in a terminal", () => {
  it("is a shell that knows the size of its terminal, and ends with its code", async () => {
    const shell = open(["pods", "exec", "web"]);
    await shell.waitFor("/ # ");
    shell.type("stty size\r");
    await shell.waitFor("40 100\n");
    shell.resize(120, 50);
    await shell.ask("echo $COLUMNS-$LINES", "120-50");
    shell.type(`sleep 1000\r`);
    await shell.waitFor("sleep 1000\n");
    shell.type(Key.ctrlC);
    await shell.waitFor("^C");
    shell.type("exit 7\r");
    expect(await shell.ended).toBe(7);
  });

  it("ends with the pod, and gives the terminal back", async () => {
    await home.succeed(["pods", "launch", "short", "--cpu", "100m", "--wait"]);
    const shell = open(["pods", "exec", "-it", "short", "--", "sh"]);
    await shell.waitFor("/ # ");
    await home.succeed(["pods", "delete", "short"]);
    expect(await shell.ended).toBe(137);
  });
});

describe.skipIf(!kubectlRequirement.available).each(binaries)("kubectl in a terminal (%s)", (binary) => {
  const env = { KUBESIM_KUBECTL: binary };
  const kubectl = (...words: string[]) => open(["kubectl", ...words], env);
  const name = basename(binary).replace(/[^a-z0-9]+/g, "-");

  it("exec -it is a shell", async () => {
    const shell = kubectl("exec", "-it", "web", "--", "sh");
    await shell.waitFor("/ # ");
    shell.type("stty size; hostname\r");
    await shell.waitFor("40 100\nweb\n");
    shell.resize(90, 30);
    await shell.ask("stty size", "30 90");
    shell.type("exit 4\r");
    expect(await shell.ended).toBe(4);
  });

  it("run -it --rm leaves nothing behind", async () => {
    const shell = kubectl(
      "run",
      `once-${name}`,
      "-it",
      "--rm",
      "--image=busybox",
      "--restart=Never",
      "--",
      "sh",
    );
    // kubectl tells those who come late to press enter.
    await shell.waitFor(/\/ # |try pressing enter/);
    shell.type("\r");
    await shell.waitFor("/ # ");
    shell.type("hostname\r");
    await shell.waitFor(`once-${name}\n`);
    shell.type("exit\r");
    expect(await shell.ended).toBe(0);
    expect((await home.run(["pods", "list"])).stdout).not.toContain(`once-${name}`);
  });

  it("debug -it and attach -it are shells", async () => {
    const debug = kubectl("debug", "-it", "web", "--image=busybox", "-c", `debug-${name}`, "--", "sh");
    await debug.waitFor(/\/ # |try pressing enter/);
    debug.type("\r");
    await debug.waitFor("/ # ");
    debug.type("exit\r");
    expect(await debug.ended).toBe(0);
    const args = [
      "run",
      `stay-${name}`,
      "--image=busybox",
      "--stdin",
      "--tty",
      "--attach=false",
      "--command",
      "--",
    ];
    await home.succeed(["kubectl", ...args, "sh"], { env });
    await home.succeed(["kubectl", "wait", `pod/stay-${name}`, "--for=condition=Ready", "--timeout=100s"], {
      env,
    });
    const attach = kubectl("attach", "-it", `stay-${name}`);
    await attach.waitFor(/\/ # |try pressing enter/);
    attach.type("\r");
    await attach.waitFor("/ # ");
    attach.type("echo in $HOSTNAME\r");
    await attach.waitFor(`in stay-${name}\n`);
    attach.type("exit\r");
    expect(await attach.ended).toBe(0);
  });
});
