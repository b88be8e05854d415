import { expect, it } from "vitest";
import { configMaps } from "../../src/api/kinds/config-map.ts";
import { type Deployment, deployments } from "../../src/api/kinds/deployment.ts";
import { services } from "../../src/api/kinds/service.ts";
import type { KubeObject } from "../../src/api/meta.ts";
import type { Objects, UpdateOptions } from "../../src/api/objects.ts";
import { failure, refusal } from "./objects-under-test.ts";

const KEY = { namespace: "default", name: "a" };
const one: UpdateOptions = { fieldManager: "one" };
const two: UpdateOptions = { fieldManager: "two" };

/** Server-side apply. */
export function describeApplies(current: () => Objects): void {
  const config = (data: Record<string, string>, more: object = {}) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", ...more },
    data,
  });
  const apply = (data: Record<string, string>, options: UpdateOptions, force = false) =>
    current().patch(configMaps, KEY, { type: "apply", patch: config(data), force }, options);
  const dataNow = async () => (await current().get(configMaps, KEY)).data;

  it("creates by applying, and says so", async () => {
    let created = 0;
    const onCreated = () => {
      created++;
    };
    const object = await apply({ x: "1" }, { ...one, onCreated });
    expect([created, object.data, fieldsOf(object)]).toEqual([1, { x: "1" }, { "one Apply": ["data.x"] }]);
    const again = await apply({ x: "1" }, { ...one, onCreated });
    expect([created, again]).toEqual([1, object]);
    const changed = await apply({ x: "2" }, { ...one, onCreated });
    expect([created, changed.data]).toEqual([1, { x: "2" }]);
  });

  it("stores nothing in a dry run of an apply", async () => {
    const shown = await apply({ x: "1" }, { ...one, dryRun: true });
    expect(shown.data).toEqual({ x: "1" });
    expect((await refusal(current().get(configMaps, KEY)))[0]).toBe("NotFound");
  });

  it("refuses an apply that changes what others own, unless it is forced", async () => {
    await apply({ x: "1", y: "1" }, one);
    await current().patch(configMaps, KEY, { type: "merge", patch: { data: { y: "2" } } }, two);
    const single = await failure(apply({ x: "2" }, { fieldManager: "three" }));
    expect(single.message).toBe('Apply failed with 1 conflict: conflict with "one": .data.x');
    const both = await failure(apply({ x: "2", y: "3" }, { fieldManager: "three" }));
    expect([both.code, both.reason, both.message, both.details]).toEqual([
      409,
      "Conflict",
      'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\nconflicts with "two" using v1:\n- .data.y',
      {
        causes: [
          { reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".data.x" },
          { reason: "FieldManagerConflict", message: 'conflict with "two" using v1', field: ".data.y" },
        ],
      },
    ]);
    const forced = await apply({ x: "2", y: "3" }, { fieldManager: "three" }, true);
    expect(fieldsOf(forced)).toEqual({ "three Apply": ["data.x", "data.y"] });
  });

  it("lets equal values be owned together, and removes what nobody owns any more", async () => {
    await apply({ x: "1", y: "1" }, one);
    const shared = await apply({ x: "1", z: "1" }, two);
    expect(fieldsOf(shared)).toEqual({
      "one Apply": ["data.x", "data.y"],
      "two Apply": ["data.x", "data.z"],
    });
    await apply({}, one);
    expect(await dataNow()).toEqual({ x: "1", z: "1" });
    await apply({ z: "1" }, two);
    expect(await dataNow()).toEqual({ z: "1" });
  });

  it("leaves alone what writers without a name have added", async () => {
    await apply({ x: "1" }, one);
    await current().patch(configMaps, KEY, { type: "merge", patch: { data: { quiet: "1" } } });
    await apply({ y: "1" }, one);
    expect(await dataNow()).toEqual({ y: "1", quiet: "1" });
  });

  it("takes over from before the first apply", async () => {
    await current().create(configMaps, { ...config({ x: "1", y: "1" }), metadata: KEY } as never);
    const conflict = await failure(apply({ x: "2" }, one));
    expect(conflict.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
    );
    const applied = await apply({ x: "1" }, one);
    expect(fieldsOf(applied)).toEqual({
      "one Apply": ["data.x"],
      "before-first-apply Update": ["data", "data.x", "data.y"],
    });
  });

  it("tells items of lists apart by their keys, and knows what a missing key means", async () => {
    const ports = (list: object[]) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "a" },
      spec: { selector: { app: "a" }, ports: list },
    });
    const send = (list: object[], options: UpdateOptions) =>
      current().patch(services, KEY, { type: "apply", patch: ports(list) }, options);
    await send([{ name: "http", port: 80 }], one);
    const second = { name: "dns", port: 53, protocol: "UDP" };
    await send([second], two);
    const applied = await send([{ name: "web", port: 80, protocol: "TCP" }], one);
    expect(applied.spec.ports?.map(({ name, port, protocol }) => [name, port, protocol])).toEqual([
      ["web", 80, "TCP"],
      ["dns", 53, "UDP"],
    ]);
    const left = await send([], one);
    expect(left.spec.ports?.map((port) => port.name)).toEqual(["dns"]);
    const twice = await failure(send([second, second], one));
    expect([twice.code, twice.message]).toEqual([
      400,
      "failed to create typed patch object (default/a; /v1, Kind=Service): .spec.ports: duplicate entries for key " +
        '[port=53,protocol="UDP"]',
    ]);
    const keyless = await failure(send([{ name: "x" }], one));
    expect(keyless.message).toContain(
      '.spec.ports: element 0: associative list with keys has an element that omits key field "port"',
    );
  });

  it("replaces one source of a volume by another, defaults and all", async () => {
    const send = (source: object) => current().patch(deployments, KEY, deploymentWith(source), one);
    await send({ configMap: { name: "x" } });
    const applied = await send({ secret: { secretName: "y" } });
    const [volume] = applied.spec.template.spec.volumes ?? [];
    expect(volume).toMatchObject({ name: "v", secret: { secretName: "y" } });
    expect(volume).not.toHaveProperty("configMap");
    expect(applied.metadata.generation).toBe(2);
  });

  it("applies a status apart from the rest", async () => {
    await current().patch(deployments, KEY, deploymentWith({ emptyDir: {} }), one);
    const patch = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a", labels: { not: "taken" } },
      status: { replicas: 3 },
    };
    const options: UpdateOptions = { fieldManager: "two", subresource: "status" };
    const applied: Deployment = await current().patch(deployments, KEY, { type: "apply", patch }, options);
    expect([applied.status?.replicas, applied.metadata.labels]).toEqual([3, undefined]);
    expect(fieldsOf(applied)["two Apply status"]).toEqual(["status.replicas"]);
    const missing = { ...patch, metadata: { name: "none" } };
    const none = { namespace: "default", name: "none" };
    const refused = current().patch(deployments, none, { type: "apply", patch: missing }, options);
    expect((await refusal(refused))[0]).toBe("NotFound");
  });

  it("records other writes under the name of their manager", async () => {
    await current().create(configMaps, { ...config({ x: "1", y: "1" }), metadata: KEY } as never, one);
    await current().patch(configMaps, KEY, { type: "merge", patch: { data: { x: "2", y: null } } }, two);
    expect(fieldsOf(await current().get(configMaps, KEY))).toEqual({
      "one Update": ["data"],
      "two Update": ["data.x"],
    });
  });

  it("takes managed fields from a writer that sends its own, and forgets them on demand", async () => {
    const before = await apply({ x: "1" }, one);
    const entry = { ...(before.metadata.managedFields?.[0] as object), manager: "renamed" };
    const replace = (value: unknown[]) =>
      current().patch(configMaps, KEY, {
        type: "json",
        operations: [{ op: "replace", path: "/metadata/managedFields", value }],
      });
    expect(fieldsOf(await replace([entry]))).toEqual({ "renamed Apply": ["data.x"] });
    expect(fieldsOf(await replace([]))).toEqual({ "renamed Apply": ["data.x"] });
    const bad = await failure(replace([{ ...entry, operation: "Take" }]));
    expect([bad.code, bad.message]).toEqual([
      422,
      'ConfigMap "a" is invalid: metadata.managedFields[0].operation: Invalid value: "Take": ' +
        "must be `Apply` or `Update`",
    ]);
    expect((await replace([{}])).metadata.managedFields).toBeUndefined();
  });

  it("refuses what cannot be applied", async () => {
    expect(await refusal(apply({}, {}))).toEqual([
      "Invalid",
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
    const sendAs = (patch: object) =>
      refusal(current().patch(configMaps, KEY, { type: "apply", patch: patch as never }, one));
    expect(await sendAs({ kind: "ConfigMap", metadata: { name: "a" } })).toEqual([
      "BadRequest",
      "Incorrect version specified in apply patch. Specified patch version: , expected: v1",
    ]);
    expect((await sendAs(config({}, { name: "b" })))[0]).toBe("BadRequest");
    expect(await sendAs(config({}, { managedFields: [] }))).toEqual([
      "BadRequest",
      "metadata.managedFields must be nil",
    ]);
    expect((await sendAs({ ...config({}), data: { x: 1 } }))[0]).toBe("BadRequest");
    await apply({ x: "1" }, one);
    expect((await sendAs(config({ x: "2" }, { resourceVersion: "1" })))[0]).toBe("Conflict");
  });
}

function deploymentWith(source: object): { type: "apply"; patch: Record<string, unknown> } {
  const labels = { app: "a" };
  const spec = { containers: [{ name: "main", image: "x" }], volumes: [{ name: "v", ...source }] };
  return {
    type: "apply",
    patch: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a" },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  };
}

/** The paths that each manager owns. */
function fieldsOf(object: KubeObject): Record<string, string[]> {
  const entries = (object.metadata.managedFields ?? []) as {
    manager: string;
    operation: string;
    subresource?: string;
    fieldsV1: object;
  }[];
  return Object.fromEntries(
    entries.map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, subresource ?? []].flat().join(" "),
      pathsIn(fieldsV1, ""),
    ]),
  );
}

function pathsIn(node: object, path: string): string[] {
  const entries = Object.entries(node);
  const own = path !== "" && (entries.length === 0 || "." in node) ? [path] : [];
  const below = entries.flatMap(([element, child]) => {
    return element === "." ? [] : pathsIn(child, `${path}${path === "" ? "" : "."}${element.slice(2)}`);
  });
  return [...own, ...below];
}
