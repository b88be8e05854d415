import { describe, expect, it } from "vitest";
import { binaries, kubectlRequirement } from "../kubectl/kubectl.ts";
import { podYaml } from "../kubectl/suite.ts";
import { homes } from "./home.ts";

const newHome = homes();
const env = { KUBESIM_KUBECTL: binaries[0] as string };

describe.skipIf(!kubectlRequirement.available)("kubesim kubectl", () => {
  it("runs kubectl against the cluster, with its flags, its input and its exit code", async () => {
    const home = newHome();
    await home.succeed(["nodes", "add", "--cluster", "two"]);
    const nodes = ["--cluster", "two", "kubectl", "get", "nodes", "-o", "name"];
    expect((await home.succeed(nodes, { env })).stdout).toBe("node/node-1\n");
    const create = ["--cluster=two", "kubectl", "create", "-f", "-"];
    expect((await home.succeed(create, { env, stdin: podYaml("one") })).stdout).toBe("pod/one created\n");
    const missing = await home.run(["--cluster", "two", "kubectl", "get", "pod", "other"], { env });
    expect(missing).toEqual({
      code: 1,
      stdout: "",
      stderr: 'Error from server (NotFound): pods "other" not found\n',
    });
    const diff = ["--cluster", "two", "kubectl", "diff", "--help"];
    expect((await home.succeed(diff, { env })).stdout).toContain("kubectl diff");
  });

  it("passes signals on", async () => {
    const home = newHome();
    await home.succeed(["server", "start"]);
    // Of all that runs until it is told to stop, this one leaves signals to the system: its exit code tells what came.
    const proxy = ["kubectl", "proxy", "--port", "0"];
    const outcome = await home.run(proxy, {
      env,
      started: (child) => child.stdout?.once("data", () => child.kill("SIGTERM")),
    });
    expect(outcome.code).toBe(143);
    expect(outcome.stdout).toContain("Starting to serve on 127.0.0.1:");
  });

  it("says what to do where there is none, and has a help of its own", async () => {
    const home = newHome();
    const none = await home.run(["kubectl", "get", "nodes"], { env: { PATH: "/nowhere" } });
    expect(none.code).toBe(127);
    expect(none.stderr).toContain("There is no kubectl on PATH");
    expect(none.stderr).toContain("KUBESIM_KUBECTL=/path/to/kubectl");
    expect((await home.succeed(["kubectl", "--help"])).stdout).toContain("Run the kubectl on PATH");
    const elsewhere = await home.run(["--server", "https://example.com", "kubectl", "get", "nodes"], { env });
    expect(elsewhere.code).toBe(2);
  });
});
