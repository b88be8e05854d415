import { describe, expect, it } from "vitest";
import type { Container, ContainerState, ContainerStatus, Pod, PodStatus } from "./pod.ts";
import { podColumns, podStatusText, readyText } from "./pod-columns.ts";

const NOW = Date.parse("2025-01-01T01:00:00Z");

const pod = (
  status: Partial<PodStatus>,
  { metadata = {}, containers = ["main"], initContainers = [] as Container[], spec = {} } = {},
): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "p",
    namespace: "default",
    uid: "u",
    resourceVersion: "1",
    creationTimestamp: "2025-01-01T00:00:00Z",
    ...metadata,
  },
  spec: {
    containers: containers.map((name) => ({ name })),
    ...(initContainers.length > 0 && { initContainers }),
    ...spec,
  },
  status: { phase: "Running", ...status },
});

const container = (
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus => ({
  name,
  image: "",
  imageID: "",
  ready: state.running !== undefined,
  restartCount: 0,
  state,
  lastState: {},
  ...more,
});
const ended = (reason: string, exitCode = 0, finishedAt = "2025-01-01T00:55:00Z"): ContainerState => ({
  terminated: { exitCode, reason, startedAt: "", finishedAt },
});
const RUNNING: ContainerState = { running: { startedAt: "2025-01-01T00:00:00Z" } };
const waiting = (reason: string): ContainerState => ({ waiting: { reason } });

const cell = (name: string, object: Pod): unknown =>
  podColumns.find((column) => column.name === name)?.cell(object, NOW);

describe("the Status column", () => {
  it.each<[string, Pod]>([
    ["Pending", pod({ phase: "Pending" })],
    ["Running", pod({ containerStatuses: [container("main", RUNNING)] })],
    ["Evicted", pod({ phase: "Failed", reason: "Evicted" })],
    [
      "ContainerCreating",
      pod({ phase: "Pending", containerStatuses: [container("main", waiting("ContainerCreating"))] }),
    ],
    ["CrashLoopBackOff", pod({ containerStatuses: [container("main", waiting("CrashLoopBackOff"))] })],
    ["Completed", pod({ phase: "Succeeded", containerStatuses: [container("main", ended("Completed"))] })],
    ["Error", pod({ phase: "Failed", containerStatuses: [container("main", ended("Error", 1))] })],
    ["ExitCode:3", pod({ phase: "Failed", containerStatuses: [container("main", ended("", 3))] })],
    [
      "SchedulingGated",
      pod({
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
      }),
    ],
    ["Terminating", pod({}, { metadata: { deletionTimestamp: "2025-01-01T00:59:00Z" } })],
    [
      "Completed",
      pod(
        { phase: "Succeeded", containerStatuses: [container("main", ended("Completed"))] },
        { metadata: { deletionTimestamp: "2025-01-01T00:59:00Z" } },
      ),
    ],
    ["Unknown", pod({ reason: "NodeLost" }, { metadata: { deletionTimestamp: "2025-01-01T00:59:00Z" } })],
    [
      "NotReady",
      pod(
        { containerStatuses: [container("a", ended("Completed")), container("b", RUNNING)] },
        { containers: ["a", "b"] },
      ),
    ],
    [
      "Running",
      pod(
        {
          conditions: [{ type: "Ready", status: "True" }],
          containerStatuses: [container("a", ended("Completed")), container("b", RUNNING)],
        },
        { containers: ["a", "b"] },
      ),
    ],
    [
      "Init:0/2",
      pod(
        { phase: "Pending", initContainerStatuses: [container("i", RUNNING)] },
        { initContainers: [{ name: "i" }, { name: "j" }] },
      ),
    ],
    [
      "Init:1/2",
      pod(
        {
          phase: "Pending",
          initContainerStatuses: [
            container("i", ended("Completed")),
            container("j", waiting("PodInitializing")),
          ],
        },
        { initContainers: [{ name: "i" }, { name: "j" }] },
      ),
    ],
    [
      "Init:CrashLoopBackOff",
      pod(
        { phase: "Pending", initContainerStatuses: [container("i", waiting("CrashLoopBackOff"))] },
        { initContainers: [{ name: "i" }] },
      ),
    ],
    [
      "Init:ExitCode:2",
      pod(
        { phase: "Pending", initContainerStatuses: [container("i", ended("", 2))] },
        { initContainers: [{ name: "i" }] },
      ),
    ],
  ])("says %s", (text, object) => {
    expect(podStatusText(object)).toBe(text);
  });
});

describe("the other columns", () => {
  it("count ready containers, sidecars too", () => {
    expect(readyText(pod({ containerStatuses: [container("a", RUNNING)] }, { containers: ["a", "b"] }))).toBe(
      "1/2",
    );
    const sidecar = pod(
      {
        initContainerStatuses: [container("s", RUNNING, { started: true })],
        containerStatuses: [container("main", RUNNING)],
      },
      { initContainers: [{ name: "s", restartPolicy: "Always" }] },
    );
    expect(readyText(sidecar)).toBe("2/2");
  });

  it("tell restarts and when the last one was", () => {
    expect(cell("Restarts", pod({}))).toBe("0");
    const restarted = container("main", RUNNING, { restartCount: 3, lastState: ended("Error", 1) });
    expect(cell("Restarts", pod({ containerStatuses: [restarted] }))).toBe("3 (5m ago)");
  });

  it("are those of the real server, in its order", () => {
    expect(podColumns.map(({ name, priority }) => `${name}${priority === 1 ? "*" : ""}`)).toEqual([
      "Name",
      "Ready",
      "Status",
      "Restarts",
      "Age",
      "IP*",
      "Node*",
      "Nominated Node*",
      "Readiness Gates*",
    ]);
    expect(cell("Age", pod({}))).toBe("60m");
    expect(cell("Node", pod({}))).toBe("<none>");
  });

  it("count open readiness gates", () => {
    const gated = { readinessGates: [{ conditionType: "a" }, { conditionType: "b" }] };
    expect(
      cell("Readiness Gates", pod({ conditions: [{ type: "a", status: "True" }] }, { spec: gated })),
    ).toBe("1/2");
    expect(cell("Readiness Gates", pod({}))).toBe("<none>");
  });
});
