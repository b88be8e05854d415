import { describe } from "vitest";
import { cronJobs } from "../../src/api/kinds/cron-job.ts";
import { daemonSets } from "../../src/api/kinds/daemon-set.ts";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { jobs } from "../../src/api/kinds/job.ts";
import { replicaSets } from "../../src/api/kinds/replica-set.ts";
import { statefulSets } from "../../src/api/kinds/stateful-set.ts";
import { NOT_NEGATIVE, spec, subject } from "./changes.ts";
import { type Mistake, mistakesOnCreate, mistakesOnUpdate } from "./mistakes.ts";

const podSpec =
  (change: object): Mistake[0] =>
  (object) => {
    Object.assign(object.spec.template.spec, change);
  };
const LABEL_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const UNSELECTED =
  'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`';
const OTHER = { matchLabels: { app: "other" } };
const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for " +
  "validation is '[0-9]+%')";

const ALWAYS = 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"';
const TEMPLATES: Readonly<Record<string, Mistake>> = {
  "a selector that does not select its pods": [spec({ selector: OTHER }), UNSELECTED],
  "pods that do not start again": [podSpec({ restartPolicy: "Never" }), ALWAYS],
  "a label of pods with a blank": [
    (object) => {
      object.spec.template.metadata.labels.tier = "front end";
    },
    `spec.template.labels: Invalid value: "front end": ${LABEL_VALUE}`,
  ],
};
const CONTAINERS: Readonly<Record<string, Mistake>> = {
  "no containers": [podSpec({ containers: [] }), "spec.template.spec.containers: Required value"],
  "a mount of nothing": [
    (object) => {
      object.spec.template.spec.containers[0].volumeMounts = [{ name: "data", mountPath: "/data" }];
    },
    'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ],
};
const deadline = (workload: string): Mistake => [
  podSpec({ activeDeadlineSeconds: 5 }),
  `spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ${workload} is not Supported`,
];
const MOVED: Mistake = [
  (object) => {
    object.spec.selector = OTHER;
    object.spec.template.metadata.labels = { app: "other" };
  },
  'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
];

describe("workloads", () => {
  mistakesOnCreate(subject(deployments), {
    ...TEMPLATES,
    ...CONTAINERS,
    "a deadline of pods": deadline("ReplicaSet"),
    "no selector": [spec({ selector: undefined }), "spec.selector: Required value", UNSELECTED],
    "an empty selector": [
      spec({ selector: {} }),
      "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
    ],
    "a selector that is none": [
      spec({ selector: { matchLabels: { app: "a b" } } }),
      `spec.selector.matchLabels: Invalid value: "a b": ${LABEL_VALUE}`,
      'spec.selector: Invalid value: {"matchLabels":{"app":"a b"}}: invalid label selector',
    ],
    "a selector with an operator that is none": [
      spec({ selector: { matchExpressions: [{ key: "app", operator: "Is", values: ["web"] }] } }),
      'spec.selector.matchExpressions[0].operator: Unsupported value: "Is": supported values: "In", ' +
        '"NotIn", "Exists", ' +
        '"DoesNotExist"',
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Is","values":["web"]}]}: ' +
        "invalid label selector",
    ],
    "less than no replicas": [spec({ replicas: -1 }), `spec.replicas: Invalid value: -1: ${NOT_NEGATIVE}`],
    "a strategy that moves nothing": [
      spec({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
    ],
    "more than all away": [
      spec({ strategy: { rollingUpdate: { maxUnavailable: "150%" } } }),
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "150%": must not be greater than 100%',
    ],
    "a number as text": [
      spec({ strategy: { rollingUpdate: { maxSurge: "2" } } }),
      `spec.strategy.rollingUpdate.maxSurge: Invalid value: "2": ${PERCENT}`,
    ],
    "a rolling update for Recreate": [
      spec({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    "a deadline that comes too early": [
      spec({ progressDeadlineSeconds: 10, minReadySeconds: 10 }),
      "spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds",
    ],
    "several, in the order of the sources": [
      (object) => {
        object.spec.replicas = -1;
        object.spec.minReadySeconds = -2;
        object.spec.template.spec.restartPolicy = "Never";
        object.spec.strategy = { rollingUpdate: { maxSurge: -1 } };
      },
      `spec.replicas: Invalid value: -1: ${NOT_NEGATIVE}`,
      ALWAYS,
      `spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.minReadySeconds: Invalid value: -2: ${NOT_NEGATIVE}`,
    ],
  });
  mistakesOnUpdate(subject(deployments), { "another selector": MOVED, ...CONTAINERS });

  mistakesOnCreate(subject(replicaSets), {
    ...TEMPLATES,
    ...CONTAINERS,
    "a deadline of pods": deadline("ReplicaSet"),
  });
  mistakesOnUpdate(subject(replicaSets), { "another selector": MOVED });

  mistakesOnCreate(subject(daemonSets), {
    ...TEMPLATES,
    ...CONTAINERS,
    "a deadline of pods": deadline("DaemonSet"),
    "no selector": [spec({ selector: undefined }), UNSELECTED],
    "a surge beside absences": [
      spec({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } }),
      "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
    ],
    "a strategy that moves nothing": [
      spec({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
      "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
    ],
  });
  mistakesOnUpdate(subject(daemonSets), { "another selector": MOVED });

  mistakesOnCreate(subject(statefulSets), {
    ...TEMPLATES,
    "a deadline of pods": deadline("StatefulSet"),
    "an empty selector": [
      spec({ selector: {} }),
      "spec.selector: Invalid value: {}: empty selector is invalid for statefulset",
    ],
    "a policy that is none": [
      spec({ podManagementPolicy: "Any" }),
      "spec.podManagementPolicy: Invalid value: \"Any\": must be 'OrderedReady' or 'Parallel'",
    ],
    "a partition below 0": [
      spec({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
      `spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: ${NOT_NEGATIVE}`,
    ],
    "claims that stay or go otherwise": [
      spec({ persistentVolumeClaimRetentionPolicy: { whenDeleted: "Keep" } }),
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", ' +
        '"Delete"',
    ],
  });
  const fixed: Mistake[1] =
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', " +
    "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are " +
    "forbidden";
  mistakesOnUpdate(subject(statefulSets), {
    "another service": [spec({ serviceName: "other" }), fixed],
    "larger claims": [
      (object) => {
        object.spec.volumeClaimTemplates[0].spec.resources.requests.storage = "2Gi";
      },
      fixed,
    ],
  });
});

const JOB_POLICY = 'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"';

describe("jobs", () => {
  mistakesOnCreate(subject(jobs), {
    ...CONTAINERS,
    "pods that always start again": [podSpec({ restartPolicy: undefined }), JOB_POLICY],
    "a restart policy that is none": [
      podSpec({ restartPolicy: "OnError" }),
      'spec.template.spec.restartPolicy: Unsupported value: "OnError": supported values: "Always", ' +
        '"OnFailure", "Never"',
      'spec.template.spec.restartPolicy: Unsupported value: "OnError": supported values: "OnFailure", "Never"',
    ],
    "a selector of its own": [
      spec({ selector: { matchLabels: { app: "web" } } }),
      'spec.selector: Invalid value: {"matchLabels":{"app":"web"}}: `selector` not auto-generated',
    ],
    "less than nothing to do": [
      spec({ completions: -1 }),
      `spec.completions: Invalid value: -1: ${NOT_NEGATIVE}`,
    ],
    "less than no time": [
      spec({ activeDeadlineSeconds: -1 }),
      `spec.activeDeadlineSeconds: Invalid value: -1: ${NOT_NEGATIVE}`,
    ],
    "a mode that is none": [
      spec({ completionMode: "indexed" }),
      'spec.completionMode: Unsupported value: "indexed": supported values: "NonIndexed", "Indexed"',
    ],
    "indexes without a number": [
      spec({ completionMode: "Indexed", completions: undefined, parallelism: 2 }),
      "spec.completions: Required value: when completion mode is Indexed",
    ],
    "a limit for indexes that there are not": [
      spec({ backoffLimitPerIndex: 1 }),
      "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
    ],
  });
  mistakesOnUpdate(subject(jobs), {
    "more to do": [spec({ completions: 2 }), "spec.completions: Invalid value: 2: field is immutable"],
    "nothing more to say of what there is to do": [
      spec({ completions: undefined }),
      'spec.completions: Invalid value: "null": field is immutable',
    ],
  });

  const inJob =
    (change: object): Mistake[0] =>
    (object) => {
      Object.assign(object.spec.jobTemplate.spec, change);
    };
  mistakesOnCreate(subject(cronJobs), {
    "a schedule of four fields": [
      spec({ schedule: "* * * *" }),
      'spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]',
    ],
    "no schedule": [spec({ schedule: "" }), "spec.schedule: Required value"],
    "a minute that there is not": [
      spec({ schedule: "61 * * * *" }),
      'spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
    ],
    "a zone in the schedule": [
      spec({ schedule: "TZ=UTC * * * * *" }),
      'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use ' +
        "timeZone field instead",
    ],
    "a zone that there is not": [
      spec({ timeZone: "Mars/Olympus" }),
      'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
    ],
    "a policy that is none": [
      spec({ concurrencyPolicy: "Never" }),
      'spec.concurrencyPolicy: Unsupported value: "Never": supported values: "Allow", "Forbid", "Replace"',
    ],
    "less than no history": [
      spec({ failedJobsHistoryLimit: -1 }),
      `spec.failedJobsHistoryLimit: Invalid value: -1: ${NOT_NEGATIVE}`,
    ],
    "pods that always start again": [
      (object) => {
        delete object.spec.jobTemplate.spec.template.spec.restartPolicy;
      },
      `spec.jobTemplate.${JOB_POLICY}`,
    ],
    "a selector": [
      inJob({ selector: { matchLabels: { a: "b" } } }),
      'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated',
    ],
    "a name that leaves no room for those of Jobs": [
      (object) => {
        object.metadata.name = "x".repeat(53);
      },
      `metadata.name: Invalid value: "${"x".repeat(53)}": must be no more than 52 characters`,
    ],
  });
});
