import { afterEach, describe, expect, it } from "vitest";
import { events } from "../../src/api/kinds/event.ts";
import { jobs } from "../../src/api/kinds/job.ts";
import { type Container, type PodSpec, pods } from "../../src/api/kinds/pod.ts";
import { podStatusText, readyText } from "../../src/api/kinds/pod-columns.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { modify } from "../../src/api/modify.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const MAIN: Container = { name: "main", image: "web" };

/** A pod of these containers whose first container starts now. */
async function launched(spec: Partial<PodSpec>, annotations: Readonly<Record<string, string>> = {}) {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  await cluster.launch("web", { metadata: { annotations }, spec: { containers: [MAIN], ...spec } });
  await cluster.clock.advance(100);
}

const pass = (seconds: number) => cluster.clock.advance(seconds * 1_000);
const shown = async () => {
  const pod = await cluster.pod("web");
  return `${readyText(pod)} ${podStatusText(pod)} ${pod.status.phase}`;
};
const container = async (name: string) => {
  const { status } = await cluster.pod("web");
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no status of ${name}`);
  return found;
};
const condition = async (type: string) => podCondition(await cluster.pod("web"), type);
const isGone = async () => (await cluster.pods()).length === 0;
/** Events of the pod in the order in which they came. */
async function told(...reasons: string[]): Promise<readonly string[]> {
  await cluster.clock.advance(100);
  const { items } = await cluster.objects.list(events, { namespace: "default" });
  const wanted = items.filter(({ reason = "" }) => reasons.includes(reason));
  const age = ({ metadata }: (typeof items)[number]) => Number(metadata.resourceVersion);
  return wanted.sort((left, right) => age(left) - age(right)).map(({ message }) => message as string);
}

describe("init containers", () => {
  const initContainers: Container[] = [
    { name: "one", command: ["sh", "-c", "sleep 5"] },
    { name: "two", command: ["sleep", "3"] },
  ];

  it("run one after the other, and before all others", async () => {
    await launched({ initContainers }, { "kubesim.dev/duration": "1h" });
    expect(await shown()).toBe("0/1 Init:0/2 Pending");
    expect(await container("two")).toMatchObject({ state: { waiting: { reason: "PodInitializing" } } });
    expect(await container("main")).toMatchObject({ state: { waiting: { reason: "PodInitializing" } } });
    expect(await condition("Initialized")).toMatchObject({
      status: "False",
      reason: "ContainersNotInitialized",
      message: "containers with incomplete status: [one two]",
    });
    expect((await cluster.pod("web")).status.podIP).toMatch(/^10\./);
    await pass(5);
    expect(await shown()).toBe("0/1 Init:1/2 Pending");
    expect(await container("one")).toMatchObject({ ready: true, state: { terminated: { exitCode: 0 } } });
    await pass(3);
    expect(await shown()).toBe("1/1 Running Running");
    expect((await condition("Initialized"))?.status).toBe("True");
    expect(await told("Started")).toEqual(["one", "two", "main"].map((name) => `Started container ${name}`));
  });

  it("are started again with a growing pause when they fail, and hold up the pod meanwhile", async () => {
    await launched({ initContainers }, { "two.kubesim.dev/exit-code": "2" });
    await pass(11);
    expect(await shown()).toBe("0/1 Init:CrashLoopBackOff Pending");
    expect(await container("two")).toMatchObject({
      restartCount: 1,
      state: {
        waiting: { message: expect.stringMatching(/^back-off 10s restarting failed container=two pod=web_/) },
      },
      lastState: { terminated: { exitCode: 2, reason: "Error" } },
    });
    await pass(13);
    expect(await container("two")).toMatchObject({ restartCount: 2 });
    expect((await container("two")).state.waiting?.message).toMatch(/^back-off 20s /);
    await modify(cluster.objects, pods, { namespace: "default", name: "web" }, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: {} },
    }));
    await pass(23);
    expect(await shown()).toBe("1/1 Running Running");
  });

  it("fail a pod that is not to be restarted", async () => {
    const failing = { name: "bad", command: ["sh", "-c", "exit 4"] };
    await launched({ initContainers: [failing, ...initContainers], restartPolicy: "Never" });
    await pass(1);
    expect(await shown()).toBe("0/1 Init:Error Failed");
    expect(await container("bad")).toMatchObject({ state: { terminated: { exitCode: 4, reason: "Error" } } });
    expect(await container("main")).toMatchObject({ state: { waiting: { reason: "PodInitializing" } } });
    expect(cluster.runningPods()).toEqual([]);
  });

  it("run once more after their machine has crashed, and go on after the agent was restarted", async () => {
    await launched({ initContainers });
    await pass(2);
    const { clock, store } = cluster;
    cluster.stop();
    cluster = await ClusterUnderTest.start({ clock, store });
    await pass(3);
    expect(await shown()).toBe("0/1 Init:1/2 Pending");
    await pass(3);
    expect(await shown()).toBe("1/1 Running Running");
    await cluster.fail("node-1");
    await cluster.heal("node-1");
    await pass(1);
    expect((await container("one")).restartCount).toBe(1);
    await pass(8);
    expect((await container("main")).restartCount).toBe(1);
    expect((await container("two")).restartCount).toBe(1);
    expect(await shown()).toBe("1/1 Running Running");
  });
});

describe("sidecars", () => {
  const probed = { startupProbe: { exec: { command: ["true"] }, periodSeconds: 1, failureThreshold: 30 } };
  const initContainers: Container[] = [
    { name: "proxy", restartPolicy: "Always", ...probed },
    { name: "setup", command: ["sleep", "2"] },
    { name: "agent", restartPolicy: "Always" },
  ];

  it("make way for the next once they have started, and count as ready containers", async () => {
    await launched({ initContainers }, { "proxy.kubesim.dev/started-after": "4s" });
    await pass(3);
    expect(await shown()).toBe("0/3 Init:0/3 Pending");
    await pass(1.5);
    expect(await container("setup")).toMatchObject({ state: { running: {} } });
    await pass(2);
    expect(await shown()).toBe("3/3 Running Running");
    expect(await told("Started")).toEqual(
      ["proxy", "setup", "agent", "main"].map((name) => `Started container ${name}`),
    );
  });

  it("are restarted for themselves, whatever the pod's policy", async () => {
    const annotations = { "agent.kubesim.dev/duration": "20s", "agent.kubesim.dev/exit-code": "1" };
    await launched({ initContainers, restartPolicy: "Never" }, annotations);
    await pass(25);
    expect(await container("agent")).toMatchObject({ restartCount: 1, state: { running: {} } });
    await pass(20);
    expect(await shown()).toBe("2/3 Init:CrashLoopBackOff Running");
    expect(await container("agent")).toMatchObject({ state: { waiting: { reason: "CrashLoopBackOff" } } });
    expect(await condition("Ready")).toMatchObject({ message: "containers with unready status: [agent]" });
    await pass(10);
    expect(await container("agent")).toMatchObject({ restartCount: 2, state: { running: {} } });
    expect((await container("main")).restartCount).toBe(0);
  });

  it("do not keep a job from being complete, and are ended last", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(1);
    await cluster.objects.create(jobs, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "job", namespace: "default" },
      spec: {
        template: {
          metadata: { annotations: { "kubesim.dev/duration": "5s" } },
          spec: { restartPolicy: "Never", initContainers, containers: [MAIN] },
        },
      },
    } as never);
    await pass(15);
    const { status } = await cluster.objects.get(jobs, { namespace: "default", name: "job" });
    expect(status).toMatchObject({ succeeded: 1 });
    const [pod] = await cluster.pods();
    expect(pod?.status.phase).toBe("Succeeded");
    expect(podStatusText(pod as never)).toBe("Completed");
    expect(pod?.status.initContainerStatuses?.map(({ state }) => state.terminated?.exitCode)).toEqual([
      143, 0, 143,
    ]);
  });

  it("are told to end when all others have, the last one first", async () => {
    await launched(
      { initContainers },
      { "main.kubesim.dev/stop-after": "5s", "agent.kubesim.dev/stop-after": "3s" },
    );
    await pass(4);
    await cluster.deletePod("web");
    await pass(4);
    expect(await container("proxy")).toMatchObject({ state: { running: {} } });
    await pass(2);
    expect(await container("main")).toMatchObject({ state: { terminated: { exitCode: 143 } } });
    expect(await container("agent")).toMatchObject({ state: { running: {} } });
    await pass(1.9);
    expect(await isGone()).toBe(false);
    await pass(0.2);
    expect(await isGone()).toBe(true);
    expect(await told("Killing")).toEqual(
      ["proxy", "agent", "main"].map((name) => `Stopping container ${name}`),
    );
  });
});

describe("several containers", () => {
  const containers: Container[] = [MAIN, { name: "side", image: "side" }];

  it("end and are restarted each for itself", async () => {
    const annotations = { "side.kubesim.dev/duration": "5s", "side.kubesim.dev/exit-code": "7" };
    await launched({ containers }, annotations);
    await pass(11);
    expect(await shown()).toBe("1/2 CrashLoopBackOff Running");
    expect(await container("main")).toMatchObject({ restartCount: 0, ready: true, state: { running: {} } });
    await pass(10);
    expect(await container("side")).toMatchObject({
      restartCount: 2,
      lastState: { terminated: { exitCode: 7 } },
    });
    expect((await container("main")).restartCount).toBe(0);
  });

  it("make a pod that has failed when the last has ended and one has failed", async () => {
    const annotations = { "main.kubesim.dev/duration": "5s", "main.kubesim.dev/exit-code": "1" };
    await launched(
      { containers, restartPolicy: "Never" },
      { ...annotations, "side.kubesim.dev/duration": "9s" },
    );
    await pass(6);
    expect(await shown()).toBe("1/2 Error Running");
    await pass(4);
    expect(await shown()).toBe("0/2 Error Failed");
    expect(await container("side")).toMatchObject({ state: { terminated: { exitCode: 0 } } });
  });
});

describe("hooks", () => {
  const withHooks = (lifecycle: Container["lifecycle"]) => ({
    containers: [{ ...MAIN, lifecycle }] as Container[],
  });

  it("after the start hold up what comes next", async () => {
    const lifecycle = { postStart: { exec: { command: ["sleep", "4"] } } };
    await launched({ containers: [{ ...MAIN, lifecycle }, { name: "side" }] });
    await pass(3);
    expect(await shown()).toBe("0/2 ContainerCreating Pending");
    expect(await told("Started")).toEqual(["Started container main"]);
    await pass(1);
    expect(await shown()).toBe("2/2 Running Running");
  });

  it("that fail after the start end the container", async () => {
    await launched(withHooks({ postStart: { exec: { command: ["false"] } } }));
    await pass(1);
    expect(await shown()).toBe("0/1 CrashLoopBackOff Running");
    expect(await told("FailedPostStartHook", "Killing")).toEqual([
      "PostStartHook failed",
      "FailedPostStartHook",
    ]);
  });

  it("before the end delay it, within the grace period", async () => {
    await launched({
      ...withHooks({ preStop: { sleep: { seconds: 8 } } }),
      terminationGracePeriodSeconds: 20,
    });
    await cluster.deletePod("web");
    await pass(7.9);
    expect(await isGone()).toBe(false);
    await pass(0.2);
    expect(await isGone()).toBe(true);
    expect(await told("FailedPreStopHook")).toEqual([]);
  });

  it("that take longer than the grace period are cut off, with two seconds left to end", async () => {
    const slow = { "kubesim.dev/stop-after": "1h" };
    await launched(
      {
        ...withHooks({ preStop: { exec: { command: ["sleep", "60"] } } }),
        terminationGracePeriodSeconds: 10,
      },
      slow,
    );
    await cluster.deletePod("web");
    await pass(11.9);
    expect(await isGone()).toBe(false);
    await pass(0.2);
    expect(await isGone()).toBe(true);
    expect(await told("FailedPreStopHook")).toEqual(["PreStopHook failed"]);
  });

  it("begin anew when the agent is started again, within what is left of the grace period", async () => {
    await launched({
      ...withHooks({ preStop: { sleep: { seconds: 8 } } }),
      terminationGracePeriodSeconds: 12,
    });
    await cluster.deletePod("web");
    await pass(5);
    const { clock, store } = cluster;
    cluster.stop();
    cluster = await ClusterUnderTest.start({ clock, store });
    await pass(5);
    expect(await isGone()).toBe(false);
    await pass(3);
    expect(await isGone()).toBe(true);
  });

  it("are cut off earlier by a second deletion with less grace", async () => {
    const slow = { "kubesim.dev/stop-after": "1h" };
    await launched({ metadata: { finalizers: ["example.com/hold"] } } as never, slow);
    await cluster.deletePod("web");
    await pass(3);
    await cluster.objects.delete(pods, { namespace: "default", name: "web" }, { gracePeriodSeconds: 2 });
    await pass(2.1);
    expect(await isGone()).toBe(true);
  });
});

describe("a deadline of the pod", () => {
  it("ends it, however its containers are, and says why", async () => {
    const preStop = { sleep: { seconds: 3 } };
    await launched({ containers: [{ ...MAIN, lifecycle: { preStop } }], activeDeadlineSeconds: 20 });
    await pass(19);
    expect(await shown()).toBe("1/1 Running Running");
    await pass(2);
    expect(await told("DeadlineExceeded")).toEqual([
      "Pod was active on the node longer than the specified deadline",
    ]);
    expect((await cluster.pod("web")).status.phase).toBe("Running");
    await pass(3);
    expect((await cluster.pod("web")).status).toMatchObject({ phase: "Failed", reason: "DeadlineExceeded" });
    expect(await shown()).toBe("0/1 Error Failed");
    expect(cluster.runningPods()).toEqual([]);
  });
});

describe("readiness gates", () => {
  it("keep a pod from being ready until their conditions are true", async () => {
    await launched({ readinessGates: [{ conditionType: "example.com/lb" }] });
    expect(await shown()).toBe("1/1 Running Running");
    expect((await condition("ContainersReady"))?.status).toBe("True");
    expect(await condition("Ready")).toMatchObject({
      status: "False",
      reason: "ReadinessGatesNotReady",
      message: 'corresponding condition of pod readiness gate "example.com/lb" does not exist.',
    });
    const open = async (status: "True" | "False") => {
      const key = { namespace: "default", name: "web" };
      await modify(
        cluster.objects,
        pods,
        key,
        ({ status: now, ...pod }) => {
          const others = (now.conditions ?? []).filter(({ type }) => type !== "example.com/lb");
          return { ...pod, status: { ...now, conditions: [...others, { type: "example.com/lb", status }] } };
        },
        { subresource: "status" },
      );
      await pass(1);
    };
    await open("False");
    expect((await condition("Ready"))?.message).toBe(
      'the status of pod readiness gate "example.com/lb" is not "True", but False',
    );
    await open("True");
    expect((await condition("Ready"))?.status).toBe("True");
    await open("False");
    expect((await condition("Ready"))?.status).toBe("False");
  });
});
