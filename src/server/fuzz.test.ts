import fc from "fast-check";
import { expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json, pod } from "../../test/in-memory-server.ts";
import { isReason } from "../api/errors.ts";
import { deployments } from "../api/kinds/deployment.ts";
import { nodes } from "../api/kinds/node.ts";
import { pods } from "../api/kinds/pod.ts";

/** More by KUBESIM_FUZZ_RUNS. */
const RUNS = Number(process.env.KUBESIM_FUZZ_RUNS ?? 1_500);
const PODS = "/api/v1/namespaces/default/pods";
const DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/web";

const paths = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "/api/v1/nodes",
      "/api/v1/nodes/node-1",
      "/api/v1/nodes/node-1/status",
      PODS,
      `${PODS}/web`,
      `${PODS}/web/status`,
      `${PODS}/web/binding`,
      `${PODS}/web/eviction`,
      `${PODS}/web/log`,
      "/api/v1/namespaces/default",
      "/api/v1/events",
      DEPLOYMENT,
      `${DEPLOYMENT}/scale`,
      `${DEPLOYMENT}/status`,
      "/api/v1/namespaces/default/services/web",
      "/api/v1/namespaces/default/configmaps/web",
      "/apis/coordination.k8s.io/v1/namespaces/default/leases/a",
      "/apis/coordination.k8s.io/v1/namespaces/default/leases",
      "/apis/kubesim.dev/v1alpha1/nodefaults",
      "/apis/kubesim.dev/v1alpha1/clustersettings/cluster",
      "/apis/kubesim.dev/v1alpha1/namespaces/default/schedulingdecisions",
      "/api",
      "/apis",
      "/version",
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.string({ maxLength: 8 }), { maxLength: 8 })
      .map((parts) => `/${parts.map(encodeURIComponent).join("/")}`),
  },
);

const values = fc.oneof(
  fc.constantFrom(
    "true",
    "false",
    "1",
    "0",
    "-1",
    "All",
    "Strict",
    "Warn",
    "metadata.name=web",
    "a in (b",
    "a=b,!c",
    "x!=y,==",
    "NotOlderThan",
  ),
  fc.string({ maxLength: 12 }),
);

const queries = fc.dictionary(
  fc.constantFrom(
    "limit",
    "continue",
    "resourceVersion",
    "resourceVersionMatch",
    "labelSelector",
    "fieldSelector",
    "dryRun",
    "fieldValidation",
    "fieldManager",
    "includeObject",
    "gracePeriodSeconds",
    "propagationPolicy",
    "replaces",
    "force",
  ),
  values,
  { maxKeys: 3 },
);

/** Objects that are nearly right: real ones with something strange in them. */
const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, [], {}, [null], { a: null }, "", -1, 1e308, true),
);
const fields = fc.constantFrom(
  ["metadata"],
  ["metadata", "name"],
  ["metadata", "labels"],
  ["metadata", "labels", "a"],
  ["metadata", "annotations"],
  ["metadata", "finalizers"],
  ["metadata", "ownerReferences"],
  ["metadata", "resourceVersion"],
  ["metadata", "uid"],
  ["metadata", "generateName"],
  ["metadata", "creationTimestamp"],
  ["metadata", "deletionTimestamp"],
  ["metadata", "managedFields"],
  ["metadata", "managedFields", "0"],
  ["metadata", "managedFields", "0", "fieldsV1"],
  ["metadata", "managedFields", "0", "operation"],
  ["spec", "ports"],
  ["spec", "ports", "0"],
  ["spec", "ports", "0", "protocol"],
  ["spec", "replicas"],
  ["spec", "selector"],
  ["spec", "template", "spec", "containers", "0", "ports"],
  ["spec", "template", "spec", "containers", "0", "name"],
  ["data"],
  ["data", "__proto__"],
  ["spec"],
  ["spec", "containers"],
  ["spec", "containers", "0"],
  ["spec", "containers", "0", "resources"],
  ["spec", "containers", "0", "resources", "requests"],
  ["spec", "containers", "0", "resources", "requests", "cpu"],
  ["spec", "containers", "0", "env"],
  ["spec", "containers", "0", "ports"],
  ["spec", "tolerations"],
  ["spec", "tolerations", "0"],
  ["spec", "affinity"],
  ["spec", "affinity", "nodeAffinity"],
  ["spec", "nodeSelector"],
  ["spec", "taints"],
  ["spec", "unschedulable"],
  ["spec", "terminationGracePeriodSeconds"],
  ["spec", "priority"],
  ["spec", "schedulingGates"],
  ["spec", "renewTime"],
  ["status"],
  ["status", "phase"],
  ["status", "conditions"],
  ["status", "conditions", "0"],
  ["status", "containerStatuses"],
  ["status", "capacity"],
  ["status", "allocatable"],
  ["status", "addresses"],
  ["status", "nodeInfo"],
  ["target"],
  ["target", "name"],
  ["kind"],
  ["apiVersion"],
  ["constructor"],
  ["constructor", "prototype"],
  ["toString"],
);

const operations = fc.array(
  fc.record({
    op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
    path: fields.map((path) => `/${path.join("/")}`),
    from: fields.map((path) => `/${path.join("/")}`),
    value: strange,
  }),
  { maxLength: 4 },
);

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const JSON_TYPE = "application/json";
const PATCHES = ["merge-patch+json", "strategic-merge-patch+json", "json-patch+json", "apply-patch+yaml"];

const requests = fc.constantFrom(...METHODS).chain((method) =>
  fc.record({
    method: fc.constant(method),
    path: paths,
    query: queries.chain((query) =>
      fc
        .constantFrom("", "one", "two")
        .map((name) => (name === "" ? query : { ...query, fieldManager: name })),
    ),
    /** Few changes make a nearly valid object, which gets furthest. */
    changes: fc.array(fc.tuple(fields, strange), { maxLength: 2 }),
    wild: fc
      .oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.oneof(operations, strange) },
      )
      .map((value) => value as Json),
    cut: fc
      .option(fc.nat(200), { freq: 1, nil: null })
      .map((length) => (length === null || length % 7 > 0 ? null : length)),
    type:
      method === "PATCH"
        ? fc.constantFrom(...PATCHES.map((each) => `application/${each}`))
        : fc.constantFrom(JSON_TYPE, JSON_TYPE, JSON_TYPE, "application/yaml", "text/plain"),
    accept: fc.constantFrom(
      JSON_TYPE,
      "application/json;as=Table;v=v1;g=meta.k8s.io",
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,*/*",
    ),
  }),
);

it("whatever is asked, the answer is no 5xx, errors are Statuses, and nothing is polluted", async () => {
  const server = await createInMemoryServer();
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, query, changes, wild, cut, type, accept }) => {
      await provide(server);
      const body = wild === null ? changes.reduce<Json>(changed, baseFor(path)) : wild;
      const text = JSON.stringify(body).slice(0, cut ?? undefined);
      const headers = { "content-type": type, accept };
      const init: RequestInit = method === "GET" || method === "OPTIONS" ? {} : { body: text };
      const response = await server.fetch(`${path}?${new URLSearchParams(query)}`, {
        method,
        headers,
        ...init,
      });
      const answer = await response.text();
      seen.add(response.status);
      expect(server.failures.map((failure) => (failure as Error).stack)).toEqual([]);
      // Logs come from the pod's node, and there is none that could be asked.
      const isNodesMatter = path.endsWith("/log") && response.status === 503;
      if (!isNodesMatter) expect(response.status, answer).toBeLessThan(500);
      if (response.status >= 400)
        expect(JSON.parse(answer)).toMatchObject({ kind: "Status", status: "Failure" });
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  expect([...seen].sort()).toEqual(expect.arrayContaining([200, 201, 400, 404, 405, 409, 415, 422]));
});

/** What most requests are about is there again before each of them. */
async function provide({ objects }: InMemoryServer): Promise<void> {
  const missing = (error: unknown) => isReason(error, "AlreadyExists") || isReason(error, "Forbidden");
  for (const [kind, path] of [
    [nodes, "/api/v1/nodes"],
    [pods, PODS],
    [deployments, DEPLOYMENT],
  ] as const) {
    await objects.create(kind as never, baseFor(path)).catch((error: unknown) => {
      if (!missing(error)) throw error;
    });
  }
}

/** A valid object for a path. */
function baseFor(path: string): Json {
  if (path.includes("/nodes")) {
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "node-1" },
      spec: {},
      status: { capacity: { cpu: "4" } },
    };
  }
  if (path.endsWith("/binding")) {
    return {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "web" },
      target: { kind: "Node", name: "node-1" },
    };
  }
  if (path.endsWith("/eviction"))
    return { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "web" } };
  if (path.includes("/leases")) {
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "a" },
      spec: { holderIdentity: "a" },
    };
  }
  if (path.includes("/deployments/web")) {
    if (path.endsWith("/scale")) {
      return {
        apiVersion: "autoscaling/v1",
        kind: "Scale",
        metadata: { name: "web" },
        spec: { replicas: 2 },
      };
    }
    const [labels, { spec }] = [{ app: "web" }, pod("web")];
    const template = { metadata: { labels }, spec };
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default" },
      spec: { selector: { matchLabels: labels }, template },
    };
  }
  if (path.endsWith("/services/web")) {
    const spec = {
      selector: { app: "web" },
      ports: [{ port: 80 }, { port: 80, protocol: "UDP", name: "udp" }],
    };
    return { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" }, spec };
  }
  if (path.endsWith("/configmaps/web")) {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web" }, data: { a: "1" } };
  }
  if (path.includes("/nodefaults")) {
    const spec = { nodeName: "node-1", fault: "node-crash" };
    return { apiVersion: "kubesim.dev/v1alpha1", kind: "NodeFault", metadata: { name: "f" }, spec };
  }
  const web = pod("web");
  return { ...web, metadata: { ...web.metadata, namespace: "default" } };
}

/** A copy of the object with a value at a path; what is in the way is replaced. */
function changed(object: Json, [path, value]: readonly [readonly string[], unknown]): Json {
  const [first, ...rest] = path as [string, ...string[]];
  const copy = Array.isArray(object) ? [...object] : { ...(typeof object === "object" ? object : {}) };
  const inner = Object.hasOwn(copy, first) ? copy[first] : {};
  copy[first] = rest.length === 0 ? value : changed(inner, [rest, value]);
  return copy;
}
