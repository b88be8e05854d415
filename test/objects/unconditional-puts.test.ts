import { describe, expect, it } from "vitest";
import { csiDrivers, csiNodes, volumeAttachments } from "../../src/api/kinds/csi.ts";
import { csiStorageCapacities } from "../../src/api/kinds/csi-storage-capacity.ts";
import { customResourceDefinitions } from "../../src/api/kinds/custom-resource-definition.ts";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { endpointSlices } from "../../src/api/kinds/endpoint-slice.ts";
import { leases } from "../../src/api/kinds/lease.ts";
import { podDisruptionBudgets } from "../../src/api/kinds/pod-disruption-budget.ts";
import { runtimeClasses } from "../../src/api/kinds/runtime-class.ts";
import { startCluster } from "../../src/index.ts";
import { createInMemoryServer, type Json } from "../in-memory-server.ts";
import { subject } from "../mistakes/changes.ts";

const MERGE = { "content-type": "application/merge-patch+json" };
const MISSING = "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update";

function withoutVersion(object: Json): Json {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, labels: { a: "b" } } };
}

/** Goal: a write that would undo another's is found where Kubernetes finds it, and nowhere else. */
describe("a PUT that says no version", () => {
  it.each(
    [
      podDisruptionBudgets,
      leases,
      runtimeClasses,
      csiDrivers,
      csiNodes,
      csiStorageCapacities,
      volumeAttachments,
      customResourceDefinitions,
    ].map((kind) => [`${kind.plural}.${kind.group}`, subject(kind)] as const),
  )("is refused for %s", async (called, { collection, sound }) => {
    const { send, get } = await createInMemoryServer();
    const path = `${collection}/${sound.metadata.name}`;
    await send("POST", collection, sound);
    const { status, body } = await send("PUT", path, withoutVersion(await get(path)));
    expect([status, body.reason, body.message]).toEqual([
      422,
      "Invalid",
      `${called} "${sound.metadata.name}" is invalid: ${MISSING}`,
    ]);
    const patched = await send("PATCH", path, { metadata: { labels: { a: "b" } } }, MERGE);
    expect([patched.status, patched.body.metadata.labels.a]).toEqual([200, "b"]);
  });

  it("is refused for custom kinds, and for their status", async () => {
    await using cluster = await startCluster();
    const send = async (method: string, path: string, body?: Json) => {
      const headers = { "content-type": "application/json" };
      const answer = await cluster.fetch(path, { method, headers, body: JSON.stringify(body) });
      return { status: answer.status, body: (await answer.json()) as Json };
    };
    const { collection, sound } = subject(customResourceDefinitions);
    const definition = JSON.parse(JSON.stringify(sound));
    definition.spec.versions[0].subresources = { status: {} };
    await send("POST", collection, definition);
    const widgets = "/apis/example.com/v1/namespaces/default/widgets";
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } };
    const stored = (await send("POST", widgets, widget)).body;
    for (const path of [`${widgets}/w`, `${widgets}/w/status`]) {
      const { status, body } = await send("PUT", path, withoutVersion(stored));
      expect([status, body.message]).toEqual([422, `widgets.example.com "w" is invalid: ${MISSING}`]);
    }
    expect((await send("PUT", `${widgets}/w`, { ...stored, spec: { size: 2 } })).status).toBe(200);
  });

  it.each([deployments, endpointSlices].map((kind) => [kind.plural, subject(kind)] as const))(
    "is taken for %s",
    async (_, { collection, sound }) => {
      const { send, get } = await createInMemoryServer();
      const path = `${collection}/${sound.metadata.name}`;
      await send("POST", collection, sound);
      const { status, body } = await send("PUT", path, withoutVersion(await get(path)));
      expect([status, body.metadata.labels]).toEqual([200, { a: "b" }]);
    },
  );
});

/** Goal: what a status write takes along is what Kubernetes' strategy of that kind lets through. */
describe("labels, annotations and owners in a write of /status", () => {
  const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "1" };
  const metadata = { labels: { mine: "yes" }, annotations: { mine: "yes" }, ownerReferences: [owner] };
  it.each([
    ["of a budget go along", subject(podDisruptionBudgets), ["yes", "yes", 1]],
    ["of a deployment go along, but for labels", subject(deployments), [undefined, "yes", 1]],
    ["of an attachment stay", subject(volumeAttachments), [undefined, undefined, 0]],
  ] as const)("%s", async (_, { collection, sound }, expected) => {
    const { send } = await createInMemoryServer();
    await send("POST", collection, sound);
    const { status, body } = await send(
      "PATCH",
      `${collection}/${sound.metadata.name}/status`,
      { metadata },
      MERGE,
    );
    const { labels, annotations, ownerReferences } = body.metadata;
    expect(status).toBe(200);
    expect([labels?.mine, annotations?.mine, ownerReferences?.length ?? 0]).toEqual(expected);
  });
});
