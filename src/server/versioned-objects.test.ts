import { beforeEach, describe, expect, it } from "vitest";
import {
  createInMemoryServer,
  eventsOf,
  type InMemoryServer,
  type Json,
  take,
} from "../../test/in-memory-server.ts";

const V1 = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
const V2 = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
const TARGET = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
let server: InMemoryServer;

beforeEach(async () => {
  server = await createInMemoryServer();
});

function v1(spec: object = {}): Json {
  return {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: { scaleTargetRef: TARGET, maxReplicas: 5, targetCPUUtilizationPercentage: 60, ...spec },
  };
}

describe("an object in two versions", () => {
  it("is one object", async () => {
    const created = await server.send("POST", V1, v1());
    expect(created).toMatchObject({ status: 201, body: { apiVersion: "autoscaling/v1", spec: v1().spec } });
    const other = await server.get(`${V2}/web`);
    expect(other.apiVersion).toBe("autoscaling/v2");
    expect(other.metadata.uid).toBe(created.body.metadata.uid);
    expect(other.spec).toEqual({
      scaleTargetRef: TARGET,
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
        },
      ],
    });
    const list = await server.get(V1);
    expect([list.kind, list.apiVersion, list.items[0].spec.targetCPUUtilizationPercentage]).toEqual([
      "HorizontalPodAutoscalerList",
      "autoscaling/v1",
      60,
    ]);
  });

  it("keeps what the older version cannot say, through a change in it", async () => {
    const memory = {
      type: "Resource",
      resource: { name: "memory", target: { type: "AverageValue", averageValue: "100Mi" } },
    };
    await server.send("POST", V2, {
      metadata: { name: "web" },
      spec: { scaleTargetRef: TARGET, maxReplicas: 5, metrics: [memory] },
    });
    const old = await server.get(`${V1}/web`);
    expect(JSON.parse(old.metadata.annotations["autoscaling.alpha.kubernetes.io/metrics"])).toEqual([memory]);
    await server.send(
      "PATCH",
      `${V1}/web`,
      { spec: { maxReplicas: 9 } },
      { "content-type": "application/merge-patch+json" },
    );
    const { spec, metadata } = await server.get(`${V2}/web`);
    expect(spec).toMatchObject({ maxReplicas: 9, metrics: [memory] });
    expect(metadata.annotations).toBeUndefined();
    const stale = await server.send("PUT", `${V1}/web`, { ...old, spec: { ...old.spec, maxReplicas: 3 } });
    expect(stale.status).toBe(409);
  });

  it("is watched in the version that is asked for", async () => {
    const events = eventsOf(await server.fetch(`${V1}?watch=1`));
    await server.send("POST", V1, v1());
    const [added] = await take(events, 1);
    expect(added.object).toMatchObject({
      apiVersion: "autoscaling/v1",
      spec: { targetCPUUtilizationPercentage: 60 },
    });
    await events.return(undefined);
  });

  it.each([
    [{ maxReplicas: 0 }, 422, "spec.maxReplicas: Invalid value: 0: must be greater than 0"],
    [{ minReplicas: 7 }, 422, "must be greater than or equal to `minReplicas`"],
    [{ targetCPUUtilizationPercentage: -5 }, 422, "must be greater than 0"],
    [{ scaleTargetRef: {} }, 422, "spec.scaleTargetRef.kind: Required value"],
    [{ maxReplicas: "many" }, 400, "HorizontalPodAutoscaler"],
    [{ metrics: [] }, 201, undefined],
  ])("refuses %j with %i", async (spec, code, words) => {
    const { status, body } = await server.send("POST", V1, v1(spec));
    expect(status).toBe(code);
    if (words !== undefined) expect(body.message).toContain(words);
    expect(server.failures).toEqual([]);
  });

  it("is offered in the newer one first", async () => {
    const group = await server.get("/apis/autoscaling");
    expect(group.preferredVersion.version).toBe("v2");
    expect(group.versions.map(({ version }: Json) => version)).toEqual(["v2", "v1"]);
  });
});

describe("an event in both of its groups", () => {
  const CORE = "/api/v1/namespaces/default/events";
  const EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";
  const pod = { kind: "Pod", namespace: "default", name: "web" };
  const event = (more: object = {}) => ({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "told" },
    eventTime: "2025-01-01T00:00:00.000001Z",
    regarding: pod,
    note: "it is here",
    reason: "Here",
    action: "Looking",
    type: "Normal",
    reportingController: "example.com/looker",
    reportingInstance: "looker-1",
    ...more,
  });

  it("is one event", async () => {
    expect(await server.send("POST", EVENTS, event())).toMatchObject({ status: 201, body: event() });
    expect(await server.get(`${CORE}/told`)).toMatchObject({
      apiVersion: "v1",
      involvedObject: pod,
      message: "it is here",
      reportingComponent: "example.com/looker",
    });
    const old = {
      metadata: { name: "old" },
      involvedObject: pod,
      message: "m",
      count: 2,
      source: { component: "c" },
    };
    await server.send("POST", CORE, old);
    expect(await server.get(`${EVENTS}/old`)).toMatchObject({
      apiVersion: "events.k8s.io/v1",
      regarding: pod,
      note: "m",
      deprecatedCount: 2,
      deprecatedSource: { component: "c" },
    });
    const select = (selector: string) =>
      server.get(`${EVENTS}?fieldSelector=${encodeURIComponent(selector)}`);
    const names = async (selector: string) =>
      (await select(selector)).items.map(({ metadata }: Json) => metadata.name);
    expect(await names("regarding.name=web,reason!=Here")).toEqual(["old"]);
    expect(await names("reportingController=example.com/looker,metadata.namespace=default")).toEqual([
      "told",
    ]);
    expect(await select("involvedObject.name=web")).toMatchObject({
      code: 400,
      message: "field label not supported: involvedObject.name",
    });
    const merge = { "content-type": "application/merge-patch+json" };
    const series = { count: 2, lastObservedTime: "2025-01-01T00:01:00.000000Z" };
    const patched = await server.send("PATCH", `${EVENTS}/told`, { series }, merge);
    expect(patched.body.series).toEqual(series);
    expect((await server.get(`${CORE}/told`)).series).toEqual(series);
    // Of its story only the old group lets clients tell another.
    const other = await server.send("PATCH", `${EVENTS}/told`, { note: "still here" }, merge);
    expect(other.body.message).toContain('message: Invalid value: "still here": field is immutable');
    await server.send("PATCH", `${CORE}/told`, { message: "still here" }, merge);
    expect((await server.get(`${EVENTS}/told`)).note).toBe("still here");
  });

  it("must say all that the younger group asks for", async () => {
    const { body } = await server.send(
      "POST",
      EVENTS,
      event({ eventTime: null, action: "", deprecatedCount: 1 }),
    );
    expect(body.message).toBe(
      'Event.events.k8s.io "told" is invalid: [eventTime: Required value, ' +
        'count: Invalid value: "": needs to be unset]',
    );
    const silent = await server.send("POST", EVENTS, event({ action: "" }));
    expect(silent.body.message).toBe('Event.events.k8s.io "told" is invalid: action: Required value');
  });
});
