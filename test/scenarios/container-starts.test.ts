import { afterEach, expect, it } from "vitest";
import { type Event, events } from "../../src/api/kinds/event.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { podStatusText } from "../../src/api/kinds/pod-columns.ts";
import { modify } from "../../src/api/modify.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const pass = (seconds: number) => cluster.clock.advance(seconds * 1_000);

/** What the kubelet told of a pod, in order. */
async function told(pod: string): Promise<readonly Event[]> {
  await cluster.clock.advance(100);
  const { items } = await cluster.objects.list(events, { namespace: "default" });
  const own = items.filter(
    (event) => event.involvedObject.name === pod && event.source?.component === "kubelet",
  );
  const age = ({ metadata }: Event) => Number(metadata.resourceVersion);
  return own.sort((left, right) => age(left) - age(right));
}

const texts = async (pod: string) => (await told(pod)).map(({ reason, message }) => `${reason}: ${message}`);

it("are told in a kubelet's words: images are pulled once on each machine, unless always", async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  const start = async (name: string, image: string | undefined, policy = {}) => {
    await cluster.launch(name, { spec: { containers: [{ name: "main", image, ...policy } as never] } });
    await pass(1);
    return await texts(name);
  };
  const pulled = (image: string) => [
    `Pulling: Pulling image "${image}"`,
    `Pulled: Successfully pulled image "${image}" in 100ms (100ms including waiting)`,
  ];
  const made = ["Created: Created container: main", "Started: Started container main"];
  expect(await start("one", "web:1")).toEqual([...pulled("web:1"), ...made]);
  const present = 'Pulled: Container image "web:1" already present on machine';
  expect(await start("two", "web:1")).toEqual([present, ...made]);
  expect(await start("none", undefined)).toEqual(made);
  const always = { imagePullPolicy: "Always" };
  expect((await start("three", "web:1", always))[1]).toContain('pulled image "web:1" in 0s');
  expect((await told("one")).map(({ involvedObject }) => involvedObject.fieldPath)).toEqual(
    Array.from({ length: 4 }, () => "spec.containers{main}"),
  );
});

it("are told without details where there are many of them", async () => {
  cluster = await ClusterUnderTest.start();
  for (const name of ["a", "b", "c"]) await cluster.addNode(name, { cpu: "200", memory: "1Ti" });
  for (let number = 0; number < 300; number++)
    await cluster.launch(`pod-${number}`, { cpu: "1m", memory: "1Mi" });
  await pass(5);
  expect(await cluster.events("Started")).toHaveLength(300);
  expect((await cluster.events("Created")).length).toBeLessThan(130);
});

it("wait with ErrImagePull and ImagePullBackOff while an annotation says that the image cannot be pulled", async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  const annotations = { "kubesim.dev/pull-error": "not found" };
  await cluster.launch("web", { annotations });
  await pass(1);
  const status = async () => podStatusText(await cluster.pod("web"));
  const waiting = async () => (await cluster.pod("web")).status.containerStatuses?.[0]?.state.waiting;
  expect(await status()).toBe("ErrImagePull");
  expect((await cluster.pod("web")).status.phase).toBe("Pending");
  await pass(3);
  expect(await waiting()).toEqual({
    reason: "ImagePullBackOff",
    message: 'Back-off pulling image "busybox": ErrImagePull: not found',
  });
  await pass(8);
  expect(await status()).toBe("ErrImagePull");
  await pass(15);
  expect(await status()).toBe("ImagePullBackOff");
  const counted = (await told("web")).map(({ count, message }) => `${count} ${message}`);
  expect(counted.toSorted()).toEqual([
    '2 Back-off pulling image "busybox"',
    "2 Error: ErrImagePull",
    "2 Error: ImagePullBackOff",
    '2 Failed to pull image "busybox": not found',
    '2 Pulling image "busybox"',
  ]);
  await modify(cluster.objects, pods, { namespace: "default", name: "web" }, (pod: Pod) => ({
    ...pod,
    metadata: { ...pod.metadata, annotations: {} },
  }));
  await pass(1);
  expect(await status()).toBe("Running");
});

it("can be waited for, and given up, when an init container's image cannot be pulled", async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  const spec = {
    initContainers: [{ name: "setup", image: "setup:1" }],
    containers: [{ name: "main", image: "web:1" }],
  };
  await cluster.launch("web", { annotations: { "setup.kubesim.dev/pull-error": "denied" }, spec });
  await pass(1);
  expect(podStatusText(await cluster.pod("web"))).toBe("Init:ErrImagePull");
  await pass(3);
  expect(podStatusText(await cluster.pod("web"))).toBe("Init:ImagePullBackOff");
  await cluster.deletePod("web");
  await pass(1);
  expect(await cluster.pods()).toEqual([]);
});
