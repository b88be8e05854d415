import { expect, it } from "vitest";
import { pods } from "../../src/api/kinds/pod.ts";
import { addNode } from "./server.ts";
import { podYaml, type Stage, withKubectl } from "./suite.ts";

withKubectl("works nodes", (stage) => {
  it("cordons, taints and uncordons", async () => {
    const { kubectl, server } = stage();
    await addNode(server.objects, "node-1");
    await addNode(server.objects, "node-2");
    expect(await kubectl("cordon", "node-1")).toBe("node/node-1 cordoned\n");
    expect(await kubectl("get", "nodes")).toMatch(/node-1\s+Ready,SchedulingDisabled/);
    expect(await kubectl("uncordon", "node-1")).toBe("node/node-1 uncordoned\n");
    expect(await kubectl("taint", "node", "node-1", "spot=true:NoSchedule")).toBe("node/node-1 tainted\n");
    const taints = await kubectl("get", "node", "node-1", "-o", "jsonpath={.spec.taints}");
    expect(JSON.parse(taints)).toEqual([{ effect: "NoSchedule", key: "spot", value: "true" }]);
    expect(await kubectl("taint", "node", "node-1", "spot-")).toBe("node/node-1 untainted\n");
    expect(await kubectl("get", "node", "node-1", "-o", "jsonpath={.spec.taints}")).toBe("");
  });

  it("refuses amounts that are none, also in a node's status", async () => {
    const { kubectl } = stage();
    for (const [cpu, why] of [
      ["-4", "status.capacity.cpu: Invalid value"],
      ["four", "quantities must match the regular expression"],
    ]) {
      const patch = JSON.stringify({ status: { capacity: { cpu } } });
      const refused = await kubectl.run(["patch", "node", "node-2", "--subresource=status", "-p", patch]);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(why as string)]);
      expect(refused.stderr).toContain("is invalid");
    }
    expect(await kubectl("get", "node", "node-2", "-o", "jsonpath={.status.capacity.cpu}")).not.toBe("-4");
  });

  it("drains by eviction and waits until the pods are gone", async () => {
    const { kubectl, server } = stage();
    await placePod(stage(), "guest", "node-1");
    const { stdout } = await drainWhile(stage(), () => confirmDeletion(stage(), "guest"));
    expect(stdout).toContain("evicting pod default/guest");
    expect(stdout).toContain("node/node-1 drained");
    expect((await kubectl.run(["get", "pod", "guest"])).code).toBe(1);
    expect(server.failures).toEqual([]);
  });

  it("describes a node with its pods and lease", async () => {
    const { kubectl } = stage();
    await placePod(stage(), "resident", "node-2");
    const text = await kubectl("describe", "node", "node-2");
    expect(text).toMatch(/Non-terminated Pods:\s+\(1 in total\)/);
    expect(text).toMatch(/default\s+resident\s+100m \(2%\)/);
  });

  it("deletes a node", async () => {
    expect(await stage().kubectl("delete", "node", "node-1")).toContain('node "node-1" deleted');
  });
});

async function placePod({ kubectl, server }: Stage, name: string, nodeName: string): Promise<void> {
  await kubectl("create", "-f", kubectl.file(`${name}.yaml`, podYaml(name)));
  const binding = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name },
    target: { kind: "Node", name: nodeName },
  };
  await server.objects.act(pods as never, { namespace: "default", name }, "binding", binding);
}

/** Does what a kubelet does once the containers of a deleted pod have stopped. */
async function confirmDeletion({ server }: Stage, name: string): Promise<void> {
  await server.objects.delete(pods, { namespace: "default", name }, { gracePeriodSeconds: 0 });
}

async function drainWhile({ kubectl }: Stage, confirm: () => Promise<void>) {
  const draining = kubectl.run(["drain", "node-1", "--force"]);
  const watching = kubectl.start(
    "wait",
    "pod/guest",
    "--for=jsonpath={.metadata.deletionGracePeriodSeconds}=30",
    "--timeout=100s",
  );
  await watching.until(/condition met/);
  await confirm();
  return draining;
}
