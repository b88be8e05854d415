import type { ChildProcess } from "node:child_process";
import { describe, expect, it } from "vitest";
import { homes, recordOf, statusOf } from "./home.ts";

const newHome = homes();

/** Resolves with the child once its stderr holds the words. */
function whenItSays(words: string): {
  started(child: ChildProcess): void;
  readonly child: Promise<ChildProcess>;
} {
  let found: (child: ChildProcess) => void;
  const promise = new Promise<ChildProcess>((resolve) => {
    found = resolve;
  });
  let text = "";
  return {
    child: promise,
    started: (child) =>
      child.stderr?.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes(words)) found(child);
      }),
  };
}

describe("server run", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("says where it listens, stops cleanly on %s and exits with %i", async (signal, code) => {
    const home = newHome();
    const ready = whenItSays("Press Ctrl-C to stop it");
    const running = home.run(["server", "run"], { started: ready.started });
    const child = await ready.child;
    const { url, pid } = recordOf(home);
    expect(pid).toBe(child.pid);
    expect((await home.succeed(["nodes", "add", "a"])).stderr).not.toContain("Started");
    child.kill(signal);
    const outcome = await running;
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(`listens at ${url} (pid ${pid}, store lmdb)`);
    expect(outcome.stderr).toContain("export KUBECONFIG=$(kubesim kubeconfig --path)");
    expect(outcome.stderr).toContain("Stopping… press Ctrl-C again to force");
    expect(await statusOf(home)).toMatchObject({ running: false });
  });

  it("is one per cluster: a second names the first and leaves", async () => {
    const home = newHome();
    await home.succeed(["server", "start"]);
    const { pid } = recordOf(home);
    const second = await home.run(["server", "run"]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`Cluster "default" is served already, by process ${pid}`);
    expect(second.stderr).toContain("hint: Stop it with: kubesim server stop");
  });

  it("forgets everything with --store memory", async () => {
    const home = newHome();
    await home.succeed(["server", "start", "--store", "memory"]);
    await home.succeed(["nodes", "add", "a"]);
    await home.succeed(["server", "stop"]);
    await home.succeed(["server", "start", "--store", "memory"]);
    const { stdout } = await home.succeed(["nodes", "list", "-o", "name"]);
    expect(stdout).toBe("");
  });
});

describe("server logs", () => {
  it("prints the last lines, follows until Ctrl-C, and says when there is no log", async () => {
    const home = newHome();
    const none = await home.run(["server", "logs"]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("has no log yet")]);
    await home.succeed(["server", "start"]);
    const { stdout } = await home.succeed(["server", "logs", "--tail", "1"]);
    expect(JSON.parse(stdout)).toMatchObject({ message: "cluster is up" });
    const following = home.run(["server", "logs", "-f"], {
      started: (child) => {
        let text = "";
        child.stdout?.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          if (text.includes("cluster is down")) child.kill("SIGINT");
        });
      },
    });
    await home.succeed(["server", "stop"]);
    const followed = await following;
    expect(followed.stdout.trim().split("\n")).toHaveLength(2);
    expect(followed.code).toBe(130);
  });
});
