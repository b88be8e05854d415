import { afterEach, beforeEach, expect, it } from "vitest";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNode("n", { cpu: "4", memory: "8Gi" });
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const pass = (seconds: number) => cluster.clock.advance(seconds * 1_000);
const key = (name: string) => ({ namespace: "default", name });
const read = (name: string): Promise<Pod> => cluster.objects.get(pods, key(name));

function resize(name: string, resources: object): Promise<Pod> {
  const patch = { spec: { containers: [{ name: "main", resources }] } };
  return cluster.objects.patch(pods, key(name), { type: "strategic", patch }, { part: "resize" });
}

const cpu = (amount: string) => ({ requests: { cpu: amount } });
const launch = (name: string, amount: string) =>
  cluster.launch(name, { spec: { containers: [{ name: "main", resources: cpu(amount) } as never] } });

const allocated = async (name: string) =>
  (await read(name)).status.containerStatuses?.[0]?.allocatedResources?.cpu;
const pending = async (name: string) => podCondition(await read(name), "PodResizePending");

it("have more or less room while they run, without a restart; the scheduler goes by it", async () => {
  await launch("a", "1");
  await launch("b", "1");
  await launch("waits", "3");
  await pass(2);
  expect((await read("waits")).spec.nodeName).toBeUndefined();
  await resize("a", cpu("500m"));
  await resize("b", cpu("500m"));
  await pass(2);
  expect(await allocated("a")).toBe("500m");
  expect((await read("a")).status.containerStatuses?.[0]).toMatchObject({
    restartCount: 0,
    resources: cpu("500m"),
  });
  expect((await read("waits")).spec.nodeName).toBe("n");
});

it("wait for room that is not there now, and are told of what will never be", async () => {
  await launch("a", "2");
  await launch("b", "2");
  await pass(2);
  await resize("a", cpu("3"));
  await pass(2);
  expect(await allocated("a")).toBe("2");
  expect(await pending("a")).toMatchObject({ status: "True", reason: "Deferred" });
  expect((await pending("a"))?.message).toContain("Node didn't have enough resource: cpu, requested: 3000");
  await resize("a", cpu("5"));
  await pass(2);
  expect(await pending("a")).toMatchObject({
    reason: "Infeasible",
    message: "Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000",
  });
  await resize("a", cpu("3"));
  await cluster.objects.delete(pods, key("b"), { gracePeriodSeconds: 0 });
  await pass(2);
  expect(await allocated("a")).toBe("3");
  expect(await pending("a")).toBeUndefined();
});

it("are refused what would make other pods of them", async () => {
  await launch("a", "1");
  await pass(2);
  await expect(resize("a", { limits: { cpu: "500m" } })).rejects.toThrow(
    "must be less than or equal to cpu limit of 500m",
  );
  await expect(resize("a", { requests: { cpu: null } })).rejects.toThrow(
    "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
  );
  await expect(resize("a", { limits: { "example.com/card": "1" } })).rejects.toThrow(
    "spec: Forbidden: only cpu and memory resources are mutable",
  );
  await expect(
    resize("a", { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } }),
  ).rejects.toThrow('spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing');
  const other = { spec: { containers: [{ name: "more", resources: {} }] } };
  await expect(
    cluster.objects.patch(pods, key("a"), { type: "strategic", patch: other }, { part: "resize" }),
  ).rejects.toThrow("spec.containers: Forbidden: containers may not be added or removed");
  const image = { spec: { containers: [{ name: "main", image: "other" }] } };
  await cluster.objects.patch(pods, key("a"), { type: "strategic", patch: image }, { part: "resize" });
  expect((await read("a")).spec.containers[0]?.image).not.toBe("other");
});
