import { afterEach, describe, expect, it } from "vitest";
import { endpointSlices } from "../../src/api/kinds/endpoint-slice.ts";
import { events } from "../../src/api/kinds/event.ts";
import { type Pod, type PodSpec, pods } from "../../src/api/kinds/pod.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { services } from "../../src/api/kinds/service.ts";
import { modify } from "../../src/api/modify.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const READINESS = { httpGet: { path: "/", port: 80 }, periodSeconds: 10, failureThreshold: 2 };

async function launched(
  annotations: Readonly<Record<string, string>>,
  probes: object,
  spec: Partial<PodSpec> = {},
): Promise<void> {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  const containers = [{ name: "main", image: "web", ...probes }];
  await cluster.launch("web", {
    metadata: { annotations, labels: { app: "web" } },
    spec: { containers, ...spec },
  });
  // From here on the containers' time and the clock's seconds go together.
  await cluster.clock.advance(100);
}

const ready = (pod: Pod) => podCondition(pod, "Ready")?.status;

async function eventsOf(reason: string): Promise<readonly string[]> {
  await cluster.clock.advance(100);
  const { items } = await cluster.objects.list(events, { namespace: "default" });
  return items.filter((event) => event.reason === reason).map(({ message, count }) => `${count} ${message}`);
}

describe("probes", () => {
  it("make a pod ready after their delay, and cost nothing while all is well", async () => {
    await launched(
      {},
      { readinessProbe: { ...READINESS, initialDelaySeconds: 5 }, livenessProbe: READINESS },
    );
    const early = await cluster.pod("web");
    expect(early.status.phase).toBe("Running");
    expect(early.status.containerStatuses?.[0]).toMatchObject({ ready: false, started: true });
    expect(podCondition(early, "Ready")).toMatchObject({
      status: "False",
      reason: "ContainersNotReady",
      message: "containers with unready status: [main]",
    });
    expect(podCondition(early, "Initialized")?.status).toBe("True");
    await cluster.clock.advance(5_000);
    expect(ready(await cluster.pod("web"))).toBe("True");
    await cluster.clock.advance(1_000);
    const before = cluster.store.revision;
    await cluster.clock.advance(600_000);
    expect(cluster.store.revision).toBe(before);
  });

  it("take an unready pod out of its service, and put it back", async () => {
    await launched(
      { "kubesim.dev/unready-at": "25s", "kubesim.dev/unready-for": "30s" },
      { readinessProbe: READINESS },
    );
    await cluster.objects.create(services, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    } as never);
    const isReadyEndpoint = async () => {
      await cluster.clock.advance(2_000);
      const { items } = await cluster.objects.list(endpointSlices, { namespace: "default" });
      const [slice] = items.filter(({ metadata }) => metadata.name.startsWith("web"));
      return slice?.endpoints?.map(({ conditions }) => conditions?.ready);
    };
    expect(await isReadyEndpoint()).toEqual([true]);
    await cluster.clock.advance(38_000);
    expect(ready(await cluster.pod("web"))).toBe("False");
    expect((await cluster.pod("web")).status.phase).toBe("Running");
    expect(await isReadyEndpoint()).toEqual([false]);
    expect(await eventsOf("Unhealthy")).toEqual([
      "2 Readiness probe failed: HTTP probe failed with statuscode: 503",
    ]);
    await cluster.clock.advance(20_000);
    expect(ready(await cluster.pod("web"))).toBe("True");
    expect(await isReadyEndpoint()).toEqual([true]);
  });

  it("restart a container whose liveness fails too often, again and again", async () => {
    const livenessProbe = { tcpSocket: { port: 80 }, periodSeconds: 5, failureThreshold: 2 };
    await launched({ "kubesim.dev/liveness-fails-after": "10s" }, { livenessProbe });
    await cluster.clock.advance(16_000);
    const { status } = await cluster.pod("web");
    const [main] = status.containerStatuses ?? [];
    expect(main).toMatchObject({ restartCount: 1, state: { running: {} } });
    expect(main?.lastState.terminated).toMatchObject({ exitCode: 143, reason: "Error" });
    expect(await eventsOf("Killing")).toEqual(["1 Container main failed liveness probe, will be restarted"]);
    expect((await eventsOf("Unhealthy"))[0]).toMatch(
      /^2 Liveness probe failed: dial tcp 10\.\d+\.\d+\.\d+:80: connect: connection refused$/,
    );
    await cluster.clock.advance(16_000);
    expect((await cluster.pod("web")).status.containerStatuses?.[0]).toMatchObject({
      ready: false,
      restartCount: 1,
      state: { waiting: { reason: "CrashLoopBackOff" } },
    });
  });

  it("let the preStop hook run before, within the grace period", async () => {
    const livenessProbe = { exec: { command: ["true"] }, periodSeconds: 5, failureThreshold: 1 };
    const lifecycle = { preStop: { sleep: { seconds: 4 } } };
    await launched(
      { "kubesim.dev/liveness-fails-after": "10s", "kubesim.dev/stop-after": "1h" },
      { livenessProbe: { ...livenessProbe, terminationGracePeriodSeconds: 9 }, lifecycle },
    );
    const main = async () => (await cluster.pod("web")).status.containerStatuses?.[0];
    await cluster.clock.advance(18_000);
    expect(await main()).toMatchObject({ restartCount: 0, state: { running: {} } });
    await cluster.clock.advance(2_000);
    const startedAt = Date.parse((await main())?.lastState.terminated?.startedAt ?? "");
    const finishedAt = Date.parse((await main())?.lastState.terminated?.finishedAt ?? "");
    expect(await main()).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: "Error" } },
    });
    expect(finishedAt - startedAt).toBe(19_000);
    expect(await eventsOf("FailedPreStopHook")).toEqual([]);
  });

  it("end a pod that never starts and is not to be restarted", async () => {
    const startupProbe = { exec: { command: ["true"] }, periodSeconds: 1, failureThreshold: 3 };
    await launched({ "kubesim.dev/started-after": "1h" }, { startupProbe }, { restartPolicy: "Never" });
    expect((await cluster.pod("web")).status.containerStatuses?.[0]).toMatchObject({
      started: false,
      ready: false,
    });
    await cluster.clock.advance(5_000);
    expect((await cluster.pod("web")).status.phase).toBe("Failed");
    expect(await eventsOf("Killing")).toEqual(["1 Container main failed startup probe"]);
  });

  it("follow annotations that change while the pod runs", async () => {
    await launched({}, {});
    expect(ready(await cluster.pod("web"))).toBe("True");
    const annotate = async (annotations: Readonly<Record<string, string>>) => {
      await modify(cluster.objects, pods, { namespace: "default", name: "web" }, (pod) => ({
        ...pod,
        metadata: { ...pod.metadata, annotations },
      }));
      await cluster.clock.advance(1_000);
    };
    await annotate({ "kubesim.dev/unready-at": "0s" });
    expect(ready(await cluster.pod("web"))).toBe("False");
    await annotate({});
    expect(ready(await cluster.pod("web"))).toBe("True");
  });
});
