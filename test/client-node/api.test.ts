import {
  ApiException,
  CoordinationV1Api,
  CoreV1Api,
  type KubernetesObject,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  Watch,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClusterUnderTest, eventually, startForClientNode } from "./cluster.ts";
import { Candidate } from "./leader-election.ts";

let cluster: ClusterUnderTest;
let core: CoreV1Api;

beforeAll(async () => {
  cluster = await startForClientNode();
  core = cluster.config.makeApiClient(CoreV1Api);
});

afterAll(() => cluster.stop());

const NAMESPACE = { namespace: "default" };

function createMap(name: string, data: Record<string, string>, labels = {}): Promise<V1ConfigMap> {
  return core.createNamespacedConfigMap({ ...NAMESPACE, body: { metadata: { name, labels }, data } });
}

it("lists, in pages and by labels", async () => {
  for (let index = 0; index < 5; index++) await createMap(`page-${index}`, {}, { test: "pages" });
  const options = { ...NAMESPACE, labelSelector: "test=pages", limit: 2 };
  const names: (string | undefined)[] = [];
  let _continue: string | undefined;
  do {
    const page = await core.listNamespacedConfigMap({ ...options, ...(_continue && { _continue }) });
    expect(page.items.length).toBeLessThanOrEqual(2);
    names.push(...page.items.map(({ metadata }) => metadata?.name));
    _continue = page.metadata?._continue;
  } while (_continue);
  expect(names).toEqual([0, 1, 2, 3, 4].map((index) => `page-${index}`));
  const [first] = (await core.listNamespacedConfigMap(options)).items;
  expect(first?.metadata?.creationTimestamp).toBeInstanceOf(Date);
});

it("takes every type of patch", async () => {
  await createMap("patched", { a: "1", b: "1" });
  const key = { ...NAMESPACE, name: "patched" };
  const patch = async (strategy: string, body: object): Promise<unknown> => {
    const options = setHeaderOptions("Content-Type", strategy);
    return (await core.patchNamespacedConfigMap({ ...key, body }, options)).data;
  };
  const operations = [{ op: "replace", path: "/data/a", value: "2" }];
  expect(await patch(PatchStrategy.JsonPatch, operations)).toEqual({ a: "2", b: "1" });
  expect(await patch(PatchStrategy.MergePatch, { data: { b: null, c: "3" } })).toEqual({ a: "2", c: "3" });
  expect(await patch(PatchStrategy.StrategicMergePatch, { data: { c: "4" } })).toEqual({ a: "2", c: "4" });
  const objects = KubernetesObjectApi.makeApiClient(cluster.config);
  const applied = { apiVersion: "v1", kind: "ConfigMap", metadata: key, data: { d: "5" } };
  const strategy = PatchStrategy.ServerSideApply;
  const after = (await objects.patch(applied, undefined, undefined, "one", true, strategy)) as V1ConfigMap;
  expect(after.data).toEqual({ a: "2", c: "4", d: "5" });
  const rival = objects.patch({ ...applied, data: { d: "6" } }, undefined, undefined, "two", false, strategy);
  await expect(rival).rejects.toMatchObject({ code: 409 });
});

it("reports errors as ApiException with the Status as its body", async () => {
  const error = await core
    .readNamespacedPod({ ...NAMESPACE, name: "none" })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiException);
  const { code, body } = error as ApiException<string>;
  expect(code).toBe(404);
  expect(JSON.parse(body)).toMatchObject({ reason: "NotFound", message: 'pods "none" not found' });
  await expect(createMap("Not_A_Name", {})).rejects.toMatchObject({ code: 422 });
  await createMap("twice", {});
  await expect(createMap("twice", {})).rejects.toMatchObject({ code: 409 });
});

it("watches", async () => {
  const seen: string[] = [];
  const list = await core.listNamespacedConfigMap(NAMESPACE);
  const watch = await new Watch(cluster.config).watch(
    "/api/v1/namespaces/default/configmaps",
    { resourceVersion: list.metadata?.resourceVersion },
    (type, object: KubernetesObject) => seen.push(`${type} ${object.metadata?.name}`),
    () => undefined,
  );
  await createMap("watched", {});
  await core.deleteNamespacedConfigMap({ ...NAMESPACE, name: "watched" });
  await eventually(
    async () => seen,
    (events) => events.length === 2,
  );
  watch.abort();
  expect(seen).toEqual(["ADDED watched", "DELETED watched"]);
});

it("keeps an informer true over a restart of the server", async () => {
  const informer = makeInformer<V1ConfigMap>(cluster.config, "/api/v1/namespaces/default/configmaps", () =>
    core.listNamespacedConfigMap(NAMESPACE),
  );
  const start = (): Promise<void> => informer.start().catch(() => void setTimeout(start, 100));
  informer.on("error", () => void setTimeout(start, 100));
  await start();
  await createMap("before", { a: "1" });
  const cached = async (name: string) => informer.get(name, "default")?.data;
  await eventually(
    () => cached("before"),
    (data) => data?.a === "1",
  );
  await cluster.restart();
  const body = { metadata: { name: "before" }, data: { a: "2" } };
  await core.replaceNamespacedConfigMap({ ...NAMESPACE, name: "before", body });
  await createMap("after", {});
  await eventually(
    () => cached("before"),
    (data) => data?.a === "2",
  );
  await eventually(
    () => cached("after"),
    (data) => data !== undefined || informer.get("after", "default") !== undefined,
  );
  await informer.stop();
});

it("elects another leader by Lease when the first one dies", async () => {
  const leases = cluster.config.makeApiClient(CoordinationV1Api);
  const [one, two] = [new Candidate(leases, "one"), new Candidate(leases, "two")];
  await one.untilLeading();
  two.start();
  const lease = () => leases.readNamespacedLease({ ...NAMESPACE, name: "leader" });
  expect((await lease()).spec?.holderIdentity).toBe("one");
  expect(two.isLeading).toBe(false);
  one.kill();
  const { spec } = await eventually(lease, ({ spec }) => spec?.holderIdentity === "two");
  expect(spec?.leaseTransitions).toBe(1);
  two.kill();
});
