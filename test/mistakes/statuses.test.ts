import { daemonSets } from "../../src/api/kinds/daemon-set.ts";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { horizontalPodAutoscalers } from "../../src/api/kinds/horizontal-pod-autoscaler.ts";
import { jobs } from "../../src/api/kinds/job.ts";
import { podDisruptionBudgets } from "../../src/api/kinds/pod-disruption-budget.ts";
import { replicaSets } from "../../src/api/kinds/replica-set.ts";
import { replicationControllers } from "../../src/api/kinds/replication-controller.ts";
import { statefulSets } from "../../src/api/kinds/stateful-set.ts";
import { NOT_NEGATIVE, parts, QUALIFIED_NAME, subject } from "./changes.ts";
import { mistakesOnStatus } from "./mistakes.ts";

const status = (counts: object) => parts({ status: counts });
const MORE = "cannot be greater than status.replicas";

mistakesOnStatus(subject(deployments), {
  "less than nothing": [
    status({ observedGeneration: -1, replicas: -1, unavailableReplicas: -2, updatedReplicas: -1 }),
    `status.observedGeneration: Invalid value: -1: ${NOT_NEGATIVE}`,
    `status.replicas: Invalid value: -1: ${NOT_NEGATIVE}`,
    `status.updatedReplicas: Invalid value: -1: ${NOT_NEGATIVE}`,
    `status.unavailableReplicas: Invalid value: -2: ${NOT_NEGATIVE}`,
    `status.readyReplicas: Invalid value: 0: ${MORE}`,
    `status.availableReplicas: Invalid value: 0: ${MORE}`,
  ],
  "more than there are": [
    status({ replicas: 1, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 3 }),
    `status.updatedReplicas: Invalid value: 2: ${MORE}`,
    `status.readyReplicas: Invalid value: 2: ${MORE}`,
    `status.availableReplicas: Invalid value: 3: ${MORE}`,
    "status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
  ],
});
mistakesOnStatus(
  subject(deployments),
  {
    "fewer collisions": [
      status({ collisionCount: 1 }),
      "status.collisionCount: Invalid value: 1: cannot be decremented",
    ],
  },
  (server, path) =>
    server.send(
      "PATCH",
      `${path}/status`,
      { status: { collisionCount: 2 } },
      { "content-type": "application/merge-patch+json" },
    ),
);

for (const kind of [replicaSets, replicationControllers]) {
  mistakesOnStatus(subject(kind), {
    "more than there are": [
      status({ replicas: 1, fullyLabeledReplicas: 2, readyReplicas: 0, availableReplicas: 1 }),
      `status.fullyLabeledReplicas: Invalid value: 2: ${MORE}`,
      "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
    ],
  });
}

mistakesOnStatus(subject(statefulSets), {
  "more than there are": [
    status({ replicas: 1, readyReplicas: 1, currentReplicas: 2, updatedReplicas: -1, availableReplicas: 2 }),
    `status.updatedReplicas: Invalid value: -1: ${NOT_NEGATIVE}`,
    `status.currentReplicas: Invalid value: 2: ${MORE}`,
    `status.availableReplicas: Invalid value: 2: ${MORE}`,
    "status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas",
  ],
});

mistakesOnStatus(subject(daemonSets), {
  "less than nothing": [
    status({
      ...{ currentNumberScheduled: -1, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
      ...{ numberUnavailable: -3 },
    }),
    `status.currentNumberScheduled: Invalid value: -1: ${NOT_NEGATIVE}`,
    `status.numberUnavailable: Invalid value: -3: ${NOT_NEGATIVE}`,
  ],
});

mistakesOnStatus(subject(horizontalPodAutoscalers), {
  "less than nothing": [
    status({ currentReplicas: -1, desiredReplicas: -1 }),
    `status.currentReplicas: Invalid value: -1: ${NOT_NEGATIVE}`,
    `status.desiredReplicas: Invalid value: -1: ${NOT_NEGATIVE}`,
  ],
});

const COUNTS = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: -1, expectedPods: 0 };
const REASON =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric " +
  "characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or " +
  "'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is " +
  "'[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";
mistakesOnStatus(subject(podDisruptionBudgets), {
  "less than nothing": [status(COUNTS), `status.disruptionsAllowed: Invalid value: -1: ${NOT_NEGATIVE}`],
  "conditions that say nothing": [
    status({
      ...{ ...COUNTS, disruptionsAllowed: 0 },
      conditions: [
        { type: "Not allowed", status: "Yes", reason: "a b", message: "", lastTransitionTime: null },
        { type: "A", status: "True", reason: "", message: "", lastTransitionTime: "2025-01-01T00:00:00Z" },
        { type: "A", status: "True", reason: "B", message: "", lastTransitionTime: "2025-01-01T00:00:00Z" },
      ],
    }),
    `status.conditions[0].type: Invalid value: "Not allowed": ${QUALIFIED_NAME}`,
    'status.conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
    "status.conditions[0].lastTransitionTime: Required value: must be set",
    `status.conditions[0].reason: Invalid value: "a b": ${REASON}`,
    "status.conditions[1].reason: Required value: must be set",
    'status.conditions[2].type: Duplicate value: "A"',
  ],
});

const TIMES = { startTime: "2025-01-01T00:00:10Z", completionTime: "2025-01-01T00:00:20Z" };
const ENDED = { type: "Complete", status: "True" };
const COMPLETE = [{ type: "SuccessCriteriaMet", status: "True" }, ENDED];
mistakesOnStatus(subject(jobs), {
  "less than nothing": [
    status({ active: -1, terminating: -1 }),
    `status.active: Invalid value: -1: ${NOT_NEGATIVE}`,
    `status.terminating: Invalid value: -1: ${NOT_NEGATIVE}`,
  ],
  "a pod twice": [
    status({ uncountedTerminatedPods: { succeeded: ["a", ""], failed: ["a"] } }),
    'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
    'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
  ],
  "an end without its time": [
    status({ conditions: COMPLETE }),
    "status.completionTime: Required value: completionTime is required for Complete jobs",
    "status.startTime: Required value: startTime is required for finished job",
  ],
  "a time without its end": [
    status(TIMES),
    'status.completionTime: Invalid value: "2025-01-01T00:00:20Z": cannot set completionTime when there is no ' +
      "Complete=True condition",
  ],
  "an end before the start, with pods that go on": [
    status({ ...TIMES, startTime: "2025-01-01T00:00:30Z", active: 1, conditions: COMPLETE }),
    'status.completionTime: Invalid value: "2025-01-01T00:00:20Z": completionTime cannot be set before startTime',
    "status.active: Invalid value: 1: active>0 is invalid for finished job",
  ],
  "an end in two ways": [
    status({ ...TIMES, conditions: [...COMPLETE, { type: "Failed", status: "True" }] }),
    "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
    "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition",
    "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions",
  ],
  "an end that was not announced": [
    status({ ...TIMES, terminating: 1, conditions: [ENDED] }),
    "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true " +
      "condition",
    "status.terminating: Invalid value: 1: terminating>0 is invalid for finished job",
  ],
  "more that is ready than there is, and indexes of none": [
    status({ ready: 1, completedIndexes: "0", failedIndexes: "1" }),
    'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion ' +
      "mode",
    'status.failedIndexes: Invalid value: "1": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
    "status.ready: Invalid value: 1: cannot set more ready pods than active",
  ],
});
mistakesOnStatus(
  subject(jobs),
  {
    "an end that is taken back": [
      status({ startTime: TIMES.startTime, succeeded: 0 }),
      "status.conditions: Invalid value: cannot disable the terminal Complete=True condition",
      "status.succeeded: Invalid value: 0: cannot decrease the succeeded counter",
    ],
    "other times": [
      status({
        ...{ startTime: "2025-01-01T00:00:11Z", completionTime: "2025-01-01T00:00:21Z" },
        ...{ succeeded: 1, conditions: COMPLETE },
      }),
      'status.completionTime: Invalid value: "2025-01-01T00:00:21Z": completionTime cannot be mutated',
      "status.startTime: Required value: startTime cannot be removed for unsuspended job",
    ],
  },
  (server, path) =>
    server.send(
      "PATCH",
      `${path}/status`,
      { status: { ...TIMES, succeeded: 1, conditions: COMPLETE } },
      { "content-type": "application/merge-patch+json" },
    ),
);
