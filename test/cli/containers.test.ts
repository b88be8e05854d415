import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home } from "./program.ts";
import { until } from "./scene.ts";

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
  annotations: {kubesim.dev/log-lines: "one\\ntwo\\nthree", kubesim.dev/log-interval: "0"}
spec:
  containers: [{name: main, image: web}, {name: side, image: side}]
---
apiVersion: v1
kind: Pod
metadata:
  name: crash
  labels: {app: web}
  annotations: {kubesim.dev/duration: 200ms, kubesim.dev/exit-code: "3"}
spec:
  containers: [{name: main, image: web}]
`;

const home = new Home();

beforeAll(async () => {
  await home.succeed(["nodes", "add", "--cpu", "8"]);
  await home.succeed(["load", home.write("pods.yaml", POD)]);
  // There is no log before a container has started.
  for (const of of [["crash"], ["web", "-c", "main"], ["web", "-c", "side"]]) {
    await until(async () => (await home.run(["pods", "logs", ...of])).code === 0);
  }
});
afterAll(() => home.remove());

describe("pods logs", () => {
  it("prints what there is, of one container or of all, of one pod or of many", async () => {
    expect((await home.succeed(["pods", "logs", "web", "-c", "side", "--tail", "2"])).stdout).toBe(
      "two\nthree\n",
    );
    const chosen = await home.succeed(["pods", "logs", "web", "--timestamps", "--since", "1h"]);
    expect(chosen.stdout).toMatch(/^(\d{4}-\S+Z \w+\n){3}$/);
    expect(chosen.stderr).toContain('Took container "main" of: main, side');
    const all = await home.succeed(["pods", "logs", "web", "--all-containers", "--prefix", "--tail=1"]);
    expect(all.stdout).toBe("[pod/web/main] three\n[pod/web/side] three\n");
    const many = await home.succeed(["pods", "logs", "-l", "app=web", "-c", "main", "--prefix"]);
    expect(many.stdout).toContain("[pod/web/main] one\n");
    expect(many.stdout).toMatch(/^\[pod\/crash\/main\] level=info/m);
    const ended = () => home.run(["pods", "logs", "crash", "-p"]);
    await expect.poll(async () => (await ended()).code).toBe(0);
    expect((await ended()).stdout).toMatch(/exit_code=3\n$/);
  });

  it("follows until Ctrl-C", async () => {
    const outcome = await home.run(["pods", "logs", "web", "-c", "main", "-f"], {
      started(child) {
        let text = "";
        child.stdout?.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          if (text.endsWith("three\n")) child.kill("SIGINT");
        });
      },
    });
    expect(outcome).toMatchObject({ code: 130, stdout: "one\ntwo\nthree\n", stderr: "" });
  });

  it("says what is wrong", async () => {
    const refused = async (...words: string[]) => {
      const { code, stderr } = await home.run(["pods", "logs", ...words]);
      return [code, stderr];
    };
    expect(await refused()).toEqual([2, expect.stringContaining("Name one pod, or choose pods with -l")]);
    expect(await refused("wep")).toEqual([1, expect.stringContaining('Did you mean "web"?')]);
    expect(await refused("web", "-c", "sied")).toEqual([1, expect.stringContaining('Did you mean "side"?')]);
    expect(await refused("web", "-c", "main", "-p")).toEqual([
      1,
      expect.stringContaining("There is no log: previous"),
    ]);
    expect(await refused("web", "--tail", "x")).toEqual([
      2,
      expect.stringContaining("is not a whole number"),
    ]);
  });
});

describe("pods exec", () => {
  it("runs a command: both outputs, stdin when asked for, exit code", async () => {
    const both = await home.run([
      "pods",
      "exec",
      "web",
      "-c",
      "main",
      "--",
      "sh",
      "-c",
      "echo out; echo err >&2; exit 3",
    ]);
    expect(both).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
    const counted = await home.run(["pods", "exec", "-i", "web", "-c", "side", "--", "wc", "-c"], {
      stdin: "x".repeat(300_000),
    });
    expect(counted).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\s*300000\s*$/) });
    const unasked = await home.run(["pods", "exec", "web", "-c", "side", "--", "cat"], { stdin: "unread" });
    expect(unasked).toMatchObject({ code: 0, stdout: "" });
  });

  it("is a shell that reads its commands where there is no terminal", async () => {
    const script = "cd /etc\npwd\nexit 5\necho never\n";
    expect(await home.run(["pods", "exec", "web", "-c", "main"], { stdin: script })).toEqual({
      code: 5,
      stdout: "/etc\n",
      stderr: "",
    });
  });

  it("ends with Ctrl-C, with the container and with the server", async () => {
    const run = (
      container: string,
      script: string,
      act: (child: { kill(signal: "SIGINT"): unknown }) => unknown,
    ) =>
      home.run(["pods", "exec", "web", "-c", container, "--", "sh", "-c", `echo here; ${script}`], {
        started: (child) => child.stdout?.once("data", () => void act(child)),
      });
    expect((await run("main", "sleep 1000", (child) => child.kill("SIGINT"))).code).toBe(130);
    expect((await run("side", "kill -9 1; sleep 1000", () => {})).code).toBe(137);
    const stopped = await run("main", "sleep 1000", () => home.run(["server", "stop"]));
    expect(stopped.code).not.toBe(0);
    expect(stopped.stderr).toContain("error: ");
    await home.succeed(["server", "start"]);
  });

  it("says what is wrong", async () => {
    const missing = await home.run(["pods", "exec", "wep", "--", "ls"]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean "web"?') });
    const waiting = await home.run(["pods", "exec", "web", "-c", "nosuch", "--", "ls"]);
    expect(waiting).toMatchObject({ code: 1, stderr: expect.stringContaining('has no container "nosuch"') });
  });
});
