import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import { type Event, events } from "../../src/api/kinds/event.ts";
import { type Namespace, namespaces } from "../../src/api/kinds/namespace.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { services } from "../../src/api/kinds/service.ts";
import { serviceAccounts } from "../../src/api/kinds/service-account.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

const HOUR_MS = 3_600_000;

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function note(name: string): Promise<void> {
  await cluster.objects.create<Event>(events, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: "default" },
    involvedObject: { kind: "Pod", namespace: "default", name: "x" },
    reason: "Test",
    type: "Normal",
  });
}

describe("events", () => {
  it("live one hour after they were last seen", async () => {
    await note("first");
    await note("repeated");
    await cluster.clock.advance(HOUR_MS / 2);
    const key = { namespace: "default", name: "repeated" };
    await cluster.objects.patch(events, key, { type: "merge", patch: { count: 2 } });
    await cluster.clock.advance(HOUR_MS / 2 + 1_000);
    expect((await cluster.events("Test")).map(({ metadata }) => metadata.name)).toEqual(["repeated"]);
    await cluster.clock.advance(HOUR_MS / 2);
    expect(await cluster.events("Test")).toEqual([]);
  });

  it("are at most 50,000; the oldest go first", async () => {
    for (let index = 0; index < 50_100; index++) await note(`e-${index}`);
    await cluster.clock.settle();
    const left = await cluster.events("Test");
    expect(left).toHaveLength(50_000);
    expect(left.some(({ metadata }) => metadata.name === "e-99")).toBe(false);
    expect(left.some(({ metadata }) => metadata.name === "e-100")).toBe(true);
  });
});

describe("finished pods", () => {
  it("are kept up to 12,500; the oldest go first", async () => {
    for (let index = 0; index < 12_510; index++) {
      const name = `p-${String(index).padStart(5, "0")}`;
      const { metadata } = await cluster.launch(name, { spec: { schedulerName: "nobody" } });
      const finished = { ...(await cluster.pod(name)), status: { phase: "Succeeded" } } as Pod;
      await cluster.objects.update(pods, { ...finished, metadata }, { subresource: "status" });
    }
    await cluster.clock.advance(21_000);
    const left = await cluster.pods();
    expect(left).toHaveLength(12_500);
    expect(left[0]?.metadata.name).toBe("p-00010");
  });
});

describe("what every namespace has", () => {
  it("is made again when it is deleted, and is no trouble where the rest is still there", async () => {
    const account = { namespace: "default", name: "default" };
    const service = { namespace: "default", name: "kubernetes" };
    const { uid } = (await cluster.objects.get(services, service)).metadata;
    await cluster.objects.delete(serviceAccounts, account);
    await cluster.clock.settle();
    expect((await cluster.objects.get(serviceAccounts, account)).metadata.name).toBe("default");
    expect((await cluster.objects.get(services, service)).metadata.uid).toBe(uid);
    await cluster.objects.delete(services, service);
    await cluster.clock.settle();
    const made = await cluster.objects.get(services, service);
    expect([made.spec.clusterIP, made.metadata.uid === uid]).toEqual(["10.96.0.1", false]);
  });
});

describe("a namespace that is deleted", () => {
  it("goes with everything in it, and other namespaces keep theirs", async () => {
    await cluster.addNodes(1);
    const namespace = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "team" },
      spec: {},
      status: {},
    };
    await cluster.objects.create<Namespace>(namespaces, namespace);
    await cluster.launch("kept");
    for (const name of ["a", "b"]) await cluster.launch(name, { metadata: { namespace: "team" } });
    await cluster.clock.advance(1_000);
    await cluster.objects.delete(namespaces, { name: "team" });
    await cluster.clock.advance(5_000);
    const gone = await cluster.objects.get(namespaces, { name: "team" }).catch((error: unknown) => error);
    expect(isReason(gone, "NotFound")).toBe(true);
    expect((await cluster.pods()).map(({ metadata }) => metadata.name)).toEqual(["kept"]);
    expect((await cluster.objects.list(events, { namespace: "team" })).items).toEqual([]);
  });
});
