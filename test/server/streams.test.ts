import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";
import { binaries, kubectlRequirement } from "../kubectl/kubectl.ts";

/** Long connections of kubectl, and what becomes of them when there is nothing at their other end any more. */
describe.skipIf(!kubectlRequirement.available).each(binaries)("streams to containers end (%s)", (binary) => {
  const home = new Home();
  const env = { KUBESIM_KUBECTL: binary };

  /** Starts a kubectl; `begun` resolves with its first output, `outcome` when it has ended. */
  function start(...words: string[]) {
    let outcome: ReturnType<Home["run"]> | undefined;
    const begun = new Promise<void>((resolve) => {
      const started = (child: ChildProcess) => child.stdout?.once("data", () => resolve());
      outcome = home.run(["kubectl", ...words], { env, started });
    });
    return { begun, outcome: outcome as unknown as ReturnType<Home["run"]> };
  }

  beforeAll(async () => {
    await home.succeed(["nodes", "add", "--cpu", "8"]);
    for (const name of ["web", "gone"]) await home.succeed(["pods", "launch", name, "--cpu", "1", "--wait"]);
  });
  afterAll(() => home.remove());

  it("with the pod, also where nothing is sent", async () => {
    const forward = start("port-forward", "gone", ":80");
    const exec = start("exec", "gone", "--", "sh", "-c", "echo here; sleep 1000");
    const log = start("logs", "-f", "gone");
    await Promise.all([forward.begun, exec.begun, log.begun]);
    await home.succeed(["pods", "delete", "gone"]);
    expect(await forward.outcome).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("lost connection to pod"),
    });
    expect((await exec.outcome).code).toBe(137);
    expect(await log.outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(/shutting down.*\n$/) });
  });

  it("with the server, and say so", async () => {
    const exec = start("exec", "web", "--", "sh", "-c", "echo here; sleep 1000");
    const log = start("logs", "-f", "web");
    await Promise.all([exec.begun, log.begun]);
    await home.succeed(["server", "stop"]);
    expect(await exec.outcome).toMatchObject({
      code: 1,
      stdout: "here\n",
      stderr: "error: the server is stopping\n",
    });
    expect(await log.outcome).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^error: stream error: stream ID \d+; INTERNAL_ERROR; received from peer\n$/,
      ),
    });
  });
});
