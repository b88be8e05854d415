import { afterEach, describe, expect, it } from "vitest";
import { configMaps } from "../../src/api/kinds/config-map.ts";
import type { PodSpec } from "../../src/api/kinds/pod.ts";
import { podStatusText } from "../../src/api/kinds/pod-columns.ts";
import { secrets } from "../../src/api/kinds/secret.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function launched(spec: Partial<PodSpec>): Promise<void> {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  await cluster.launch("web", { spec: spec as PodSpec });
  await cluster.clock.advance(1_000);
}

const metadata = (name: string) => ({ name, namespace: "default" });
const makeMap = (name: string, data: Record<string, string>) =>
  cluster.objects.create(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: metadata(name), data });
const shown = async () => podStatusText(await cluster.pod("web"));
const state = async () => (await cluster.pod("web")).status.containerStatuses?.[0]?.state;
async function told(reason: string) {
  await cluster.clock.advance(100);
  return (await cluster.events(reason)).map(({ type, message }) => `${type} ${message}`);
}

describe("a container whose variables lack a ConfigMap or Secret", () => {
  const env = [{ name: "COLOUR", valueFrom: { configMapKeyRef: { name: "settings", key: "colour" } } }];

  it("waits for it, and says what is missing", async () => {
    await launched({ containers: [{ name: "main", env }, { name: "side" }] });
    expect(await shown()).toBe("CreateContainerConfigError");
    expect(await state()).toEqual({
      waiting: { reason: "CreateContainerConfigError", message: 'configmap "settings" not found' },
    });
    expect((await cluster.pod("web")).status.containerStatuses?.[1]?.state.running).toBeDefined();
    expect(await told("Failed")).toEqual(['Warning Error: configmap "settings" not found']);
    await makeMap("settings", { other: "1" });
    await cluster.clock.advance(10_000);
    expect((await state())?.waiting?.message).toBe("couldn't find key colour in ConfigMap default/settings");
    await cluster.objects.delete(configMaps, metadata("settings"));
    await makeMap("settings", { colour: "blue" });
    await cluster.clock.advance(20_000);
    expect(await shown()).toBe("Running");
    expect((await cluster.pod("web")).status.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  it("can be deleted while it waits, and costs nothing when all is optional", async () => {
    await launched({ containers: [{ name: "main", envFrom: [{ secretRef: { name: "none" } }] }] });
    expect((await state())?.waiting?.message).toBe('secret "none" not found');
    await cluster.deletePod("web");
    await cluster.clock.advance(100);
    expect(await cluster.pods()).toEqual([]);
    const optional = { name: "none", key: "x", optional: true };
    const container = { name: "main", env: [{ name: "A", valueFrom: { secretKeyRef: optional } }] };
    await cluster.launch("web", { spec: { containers: [container] } });
    await cluster.clock.advance(200);
    expect(await shown()).toBe("Running");
  });
});

describe("a pod whose volumes lack a ConfigMap or Secret", () => {
  it("is not started before they are there", async () => {
    await launched({
      containers: [{ name: "main", volumeMounts: [{ name: "conf", mountPath: "/conf" }] }],
      volumes: [
        { name: "conf", configMap: { name: "settings", items: [{ key: "a", path: "a" }] } },
        { name: "all", projected: { sources: [{ secret: { name: "hidden" } }] } },
        { name: "spare", configMap: { name: "none", optional: true } },
      ],
    });
    expect(await shown()).toBe("ContainerCreating");
    expect(cluster.runningPods()).toEqual([]);
    await makeMap("settings", { b: "1" });
    await cluster.clock.advance(5_000);
    await cluster.objects.delete(configMaps, metadata("settings"));
    await makeMap("settings", { a: "1" });
    await cluster.clock.advance(20_000);
    expect((await told("FailedMount")).sort()).toEqual([
      'Warning MountVolume.SetUp failed for volume "all" : secret "hidden" not found',
      'Warning MountVolume.SetUp failed for volume "conf" : configmap "settings" not found',
      'Warning MountVolume.SetUp failed for volume "conf" : references non-existent config key: a',
    ]);
    const hidden = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: metadata("hidden"),
      type: "Opaque",
    } as const;
    await cluster.objects.create(secrets, hidden);
    await cluster.clock.advance(20_000);
    expect(await shown()).toBe("Running");
  });
});
