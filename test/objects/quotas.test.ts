import { beforeEach, describe, expect, it } from "vitest";
import type { AdmissionContext, Lookup } from "../../src/api/admission/admission.ts";
import { limitRanger } from "../../src/api/admission/limit-ranger.ts";
import { limitRanges } from "../../src/api/kinds/limit-range.ts";
import type { KubeObject } from "../../src/api/meta.ts";
import { usageOf, usageText } from "../../src/api/quota-usage.ts";
import { createInMemoryServer, type InMemoryServer, type Json } from "../in-memory-server.ts";

const DEFAULT = "/api/v1/namespaces/default";
let server: InMemoryServer;

beforeEach(async () => {
  server = await createInMemoryServer();
});

function post(plural: string, body: Json): Promise<{ status: number; body: Json }> {
  return server.send("POST", `${DEFAULT}/${plural}`, body);
}

async function quota(name: string, spec: Json): Promise<void> {
  const { status, body } = await post("resourcequotas", { metadata: { name }, spec });
  if (status !== 201) throw new Error(body.message);
}

/** `undefined` when it is taken, or why it is not. */
async function launch(name: string, spec: Json = {}, resources: Json = {}): Promise<string | undefined> {
  const containers = [{ name: "main", image: "x", resources }];
  const { body } = await post("pods", { metadata: { name }, spec: { containers, ...spec } });
  return body.kind === "Status" ? body.message : undefined;
}

const OVER = (pod: string, name: string) =>
  `pods "${pod}" is forbidden: exceeded quota: ${name}, requested: pods=1, used: pods=1, limited: pods=1`;

describe("a quota of storage", () => {
  it("counts claims and what they ask for", async () => {
    await quota("disk", { hard: { persistentvolumeclaims: "2", "requests.storage": "5Gi" } });
    const spec = (storage: string) => ({
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage } },
    });
    const claim = (name: string, storage: string) =>
      post("persistentvolumeclaims", { metadata: { name }, spec: spec(storage) });
    expect((await claim("one", "3Gi")).status).toBe(201);
    const refused = await claim("two", "3Gi");
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'persistentvolumeclaims "two" is forbidden: exceeded quota: disk, requested: requests.storage=3Gi, ' +
        "used: requests.storage=3Gi, limited: requests.storage=5Gi",
    ]);
    expect((await claim("two", "2Gi")).status).toBe(201);
  });
});

describe("a quota with scopes", () => {
  it.each([
    ["Terminating", { activeDeadlineSeconds: 60 }, {}],
    ["NotTerminating", {}, { activeDeadlineSeconds: 60 }],
  ])("counts pods that are %s", async (scope, counted, free) => {
    await quota("scoped", { hard: { pods: "1" }, scopes: [scope] });
    expect(await launch("one", counted)).toBeUndefined();
    expect(await launch("two", counted)).toBe(OVER("two", "scoped"));
    expect(await launch("three", free)).toBeUndefined();
  });

  it("counts pods by what they ask for", async () => {
    await quota("poor", { hard: { pods: "1" }, scopes: ["BestEffort"] });
    await quota("rich", { hard: { pods: "1", "requests.cpu": "1" }, scopes: ["NotBestEffort"] });
    const cpu = (amount: string) => ({ requests: { cpu: amount } });
    expect(await launch("poor")).toBeUndefined();
    expect(await launch("rich", {}, cpu("700m"))).toBeUndefined();
    expect(await launch("poorer")).toBe(OVER("poorer", "poor"));
    expect(await launch("richer", {}, cpu("400m"))).toBe(
      'pods "richer" is forbidden: exceeded quota: rich, requested: pods=1,requests.cpu=400m, ' +
        "used: pods=1,requests.cpu=700m, limited: pods=1,requests.cpu=1",
    );
  });

  it.each([
    ["In", ["gold"], "gold", undefined],
    ["NotIn", ["gold"], undefined, "gold"],
    ["Exists", undefined, "gold", undefined],
    ["DoesNotExist", undefined, undefined, "gold"],
  ])("counts pods by their priority class: %s %s", async (operator, values, counted, free) => {
    const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    await server.send("POST", classes, { metadata: { name: "gold" }, value: 9 });
    const expression = { scopeName: "PriorityClass", operator, ...(values && { values }) };
    await quota("classy", { hard: { pods: "1" }, scopeSelector: { matchExpressions: [expression] } });
    const of = (priorityClassName: string | undefined) => (priorityClassName ? { priorityClassName } : {});
    expect(await launch("one", of(counted))).toBeUndefined();
    expect(await launch("two", of(counted))).toBe(OVER("two", "classy"));
    expect(await launch("three", of(free))).toBeUndefined();
  });

  it.each([
    [{ scopes: ["Nope"] }, 'spec.scopes: Invalid value: ["Nope"]: unsupported scope'],
    [{ scopes: ["BestEffort", "NotBestEffort"] }, "conflicting scopes"],
    [{ scopes: ["BestEffort"], hard: { "limits.cpu": "1" } }, "unsupported scope applied to resource"],
    [{ scopes: ["Terminating"], hard: { services: "1" } }, "unsupported scope applied to resource"],
    [
      { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] } },
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value",
    ],
    [
      { scopeSelector: { matchExpressions: [{ scopeName: "BestEffort", operator: "DoesNotExist" }] } },
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating",
    ],
  ])("is refused when its scopes make no sense: %j", async (spec, why) => {
    const { status, body } = await post("resourcequotas", { metadata: { name: "q" }, spec });
    expect([status, body.message]).toEqual([422, expect.stringContaining(why)]);
  });
});

describe("a quota", () => {
  it("wants every container to say what it counts", async () => {
    await quota("team", { hard: { "limits.cpu": "2", "requests.memory": "1Gi", pods: "3" } });
    expect(await launch("silent", { initContainers: [{ name: "first", image: "x" }] })).toBe(
      'pods "silent" is forbidden: failed quota: team: must specify limits.cpu for: first,main; ' +
        "requests.memory for: first,main",
    );
  });

  it("counts what a pod needs to start, too", async () => {
    await quota("team", { hard: { "requests.cpu": "1" } });
    const init = { name: "first", image: "x", resources: { requests: { cpu: "900m" } } };
    const small = { requests: { cpu: "100m" } };
    expect(await launch("one", { initContainers: [init] }, small)).toBeUndefined();
    expect(await launch("two", {}, { requests: { cpu: "200m" } })).toContain("used: requests.cpu=900m");
  });

  it("is asked again when a service becomes more", async () => {
    await quota("doors", {
      hard: { "services.nodeports": "1", "services.loadbalancers": "0", services: "5" },
    });
    const ports = [{ port: 80 }];
    await post("services", { metadata: { name: "web" }, spec: { ports } });
    await post("services", { metadata: { name: "node" }, spec: { type: "NodePort", ports } });
    const change = async (type: string) =>
      (
        await server.send(
          "PATCH",
          `${DEFAULT}/services/web`,
          { spec: { type } },
          {
            "content-type": "application/merge-patch+json",
          },
        )
      ).body;
    expect((await change("NodePort")).message).toBe(
      'services "web" is forbidden: exceeded quota: doors, requested: services.nodeports=1, ' +
        "used: services.nodeports=1, limited: services.nodeports=1",
    );
    expect((await change("LoadBalancer")).message).toContain(
      "requested: services.loadbalancers=1,services.nodeports=1, used: services.loadbalancers=0,",
    );
    await server.send("DELETE", `${DEFAULT}/services/node`);
    expect(await change("NodePort")).toMatchObject({ kind: "Service" });
  });

  it("counts claims by number, size and class", () => {
    const claim = {
      metadata: { name: "c" },
      spec: { storageClassName: "gold", resources: { requests: { storage: "5Gi" } } },
    } as unknown as KubeObject;
    const usage = usageOf({ group: "", plural: "persistentvolumeclaims" }, claim);
    expect(Object.entries(usage).map(([name, amount]) => `${name}=${usageText(name, amount)}`)).toEqual([
      "count/persistentvolumeclaims=1",
      "persistentvolumeclaims=1",
      "requests.storage=5Gi",
      "gold.storageclass.storage.k8s.io/requests.storage=5Gi",
      "gold.storageclass.storage.k8s.io/persistentvolumeclaims=1",
    ]);
  });
});

describe("a limit range", () => {
  const limit = (item: Json) =>
    post("limitranges", { metadata: { name: "sizes" }, spec: { limits: [item] } });

  it("bounds pods as a whole", async () => {
    await limit({ type: "Pod", max: { cpu: "1" }, min: { memory: "64Mi" } });
    const two = (cpu: string, memory: string) => ({
      containers: ["a", "b"].map((name) => ({
        name,
        image: "x",
        resources: { limits: { cpu, memory } },
      })),
    });
    expect(await launch("fit", two("500m", "32Mi"))).toBeUndefined();
    expect(await launch("large", two("600m", "16Mi"))).toBe(
      'pods "large" is forbidden: [minimum memory usage per Pod is 64Mi, but request is 32Mi, ' +
        "maximum cpu usage per Pod is 1, but limit is 1200m]",
    );
    expect(await launch("silent")).toContain("maximum cpu usage per Pod is 1.  No limit is specified");
  });

  it("bounds how much more than it asks for a container may use", async () => {
    await limit({ type: "Container", maxLimitRequestRatio: { cpu: "2" } });
    const sized = (limits: Json, requests: Json) => launch("p", {}, { limits, requests });
    expect(await sized({ cpu: "3" }, { cpu: "1" })).toBe(
      'pods "p" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    );
    expect(await sized({}, { cpu: "1" })).toContain("is 2, but no limit is specified or limit is 0");
    expect(await launch("none")).toContain("is 2, but no request is specified or request is 0");
    expect(await sized({ cpu: "2" }, { cpu: "1" })).toBeUndefined();
  });

  it("says what it gave", async () => {
    await limit({
      type: "Container",
      default: { cpu: "200m" },
      defaultRequest: { cpu: "100m", memory: "1Mi" },
    });
    await launch("p", {}, { requests: { cpu: "50m" } });
    const { metadata, spec, status } = await server.get(`${DEFAULT}/pods/p`);
    expect(metadata.annotations["kubernetes.io/limit-ranger"]).toBe(
      "LimitRanger plugin set: memory request for container main; cpu limit for container main",
    );
    expect(spec.containers[0].resources).toEqual({
      limits: { cpu: "200m" },
      requests: { cpu: "50m", memory: "1Mi" },
    });
    expect(status.qosClass).toBe("Burstable");
  });

  it.each([
    [{ type: "Pod", default: { cpu: "1" } }, "spec.limits[0].default: Forbidden: may not be specified when"],
    [
      { type: "PersistentVolumeClaim", max: { cpu: "1" } },
      "either minimum or maximum storage value is required",
    ],
    [{ type: "Container", maxLimitRequestRatio: { cpu: "0.5" } }, "is less than 1"],
    [
      { type: "Container", min: { cpu: "1" }, max: { cpu: "2" }, maxLimitRequestRatio: { cpu: "3" } },
      "ratio 3 is greater than max/min = 2.000000",
    ],
  ])("is refused when it makes no sense: %j", async (item, why) => {
    const { status, body } = await limit(item);
    expect([status, body.message]).toEqual([422, expect.stringContaining(why)]);
  });

  it("bounds claims", () => {
    const limits = [{ type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "10Gi" } }];
    const range = { spec: { limits } };
    const lookup = {
      get: () => undefined,
      list: (kind: { kind: string }) => (kind.kind === limitRanges.kind ? [range] : []),
      count: () => 1,
    } as unknown as Lookup;
    const asking = (storage: string) =>
      limitRanger.admit(
        {
          kind: "PersistentVolumeClaim",
          metadata: { name: "c" },
          spec: { resources: { requests: { storage } } },
        } as unknown as KubeObject,
        { lookup } as AdmissionContext,
      );
    expect(() => asking("20Gi")).toThrow(
      'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 10Gi, ' +
        "but limit is 20Gi",
    );
    expect(() => asking("1Mi")).toThrow(
      "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi",
    );
    expect(asking("2Gi")).toMatchObject({ kind: "PersistentVolumeClaim" });
  });
});
