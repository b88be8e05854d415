import { expect, it } from "vitest";
import { podYaml } from "./suite.ts";
import { withCluster } from "./workloads.ts";

withCluster("debugs", (kubectl) => {
  const jsonpath = (pod: string, path: string) => kubectl()("get", "pod", pod, "-o", `jsonpath={${path}}`);

  it("adds a container to a running pod that others can enter", async () => {
    await kubectl()("create", "-f", kubectl().file("web.yaml", podYaml("web")));
    await kubectl()("wait", "pod/web", "--for=condition=Ready", "--timeout=100s");
    await kubectl()("debug", "web", "--image=busybox", "-c", "look", "--target=main", "--", "sleep", "1d");
    await expect
      .poll(() => jsonpath("web", ".status.ephemeralContainerStatuses[0].state.running.startedAt"))
      .toMatch(/^\d{4}-/);
    expect(await kubectl()("exec", "web", "-c", "look", "--", "echo", "inside")).toBe("inside\n");
    expect(await jsonpath("web", ".spec.ephemeralContainers[0].targetContainerName")).toBe("main");
    await expect
      .poll(() => kubectl()("get", "events", "--field-selector=reason=Started"))
      .toContain("Started container look");
    expect(await kubectl()("get", "pod", "web")).toMatch(/web\s+1\/1\s+Running\s+0/);
  });

  it("runs a debugging shell, which ends without ending the pod", async () => {
    const args = ["debug", "web", "-i", "--image=busybox", "-c", "shell", "--quiet", "--", "sh"];
    const shell = await kubectl().run(args, { input: "hostname\nexit 3\n" });
    expect(shell.stdout).toContain("web\n");
    await expect
      .poll(() => jsonpath("web", ".status.ephemeralContainerStatuses[1].state.terminated.exitCode"))
      .toBe("3");
    expect(await kubectl()("get", "pod", "web")).toMatch(/web\s+1\/1\s+Running\s+0/);
  });

  it("copies a pod, and makes one for a node", async () => {
    await kubectl()("debug", "web", "--copy-to=copy", "--image=busybox", "-c", "extra", "--", "sleep", "1d");
    await kubectl()("wait", "pod/copy", "--for=condition=Ready", "--timeout=100s");
    expect(await jsonpath("copy", ".spec.containers[*].name")).toBe("main extra");
    const node = await kubectl().run(["debug", "node/node-1", "-i", "--image=busybox", "--", "hostname"]);
    expect(`${node.stdout}${node.stderr}`).toMatch(/node-debugger-node-1-\w+/);
  });

  it("refuses what an ephemeral container cannot be, in Kubernetes' words", async () => {
    const lost = await kubectl().run(["debug", "web", "--image=busybox", "--target=nobody", "--", "ls"]);
    expect(lost.code).toBe(1);
    expect(lost.stderr).toContain('spec.ephemeralContainers[2].targetContainerName: Not found: "nobody"');
    const patch = async (path: string, container: object) => {
      const body = JSON.stringify({ spec: { ephemeralContainers: [container] } });
      return (await kubectl().run(["patch", "pod", "web", ...path.split(" "), "-p", body])).stderr;
    };
    const subresource = "--subresource=ephemeralcontainers";
    expect(await patch("", { name: "x", image: "y" })).toContain("pod updates may not change fields");
    if ((await kubectl()("patch", "--help")).includes("ephemeralcontainers")) {
      expect(await patch(subresource, { name: "look", image: "other" })).toContain(
        'existing ephemeral containers "look" may not be changed',
      );
    }
    const yaml = podYaml("late").replace(
      "  containers:",
      "  ephemeralContainers: [{name: x, image: other}]\n  containers:",
    );
    expect((await kubectl().run(["create", "-f", kubectl().file("late.yaml", yaml)])).stderr).toContain(
      "spec.ephemeralContainers: Forbidden: cannot be set on create",
    );
  });
});
