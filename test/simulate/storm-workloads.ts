import type { Node } from "../../src/api/kinds/node.ts";
import type { Draft, KubeObject } from "../../src/api/meta.ts";
import { Annotation, Label } from "../../src/api/well-known.ts";
import type { Random } from "../../src/lib/random.ts";
import type { Arrival } from "../../src/simulate/prepared.ts";
import { podOf } from "../../src/simulate/sources/pod-of.ts";

/** What the watcher of a storm knows of some pods, by the beginning of their names. */
export interface PodRule {
  /** Pods of lower priority have to make room. */
  readonly priority?: number;
  /** Only nodes with these labels. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly toleratesTaint?: true;
  /** Two of them never share a node. */
  readonly isApart?: true;
  /** So much may one zone have more of them than another. */
  readonly maxSkew?: number;
  /** A controller keeps so many of them. */
  readonly replicas?: number;
  /** One on every node. */
  readonly isEverywhere?: true;
}

/** Objects beside plain pods, and what has to be true of them. */
export interface StormWorkload {
  readonly arrivals: readonly Arrival[];
  /** Rules by the beginning of names, `namespace/name`. */
  readonly rules: Readonly<Record<string, PodRule>>;
  readonly pods: number;
}

/** Some nodes take only who tolerates this. */
const TAINT = { key: "dedicated", value: "storm", effect: "NoSchedule" } as const;
const TAINTED_EVERY = 7;

/** Every seventh node is for some pods only. */
export function withTaints(nodes: readonly Draft<Node>[]): readonly Draft<Node>[] {
  return nodes.map((node, index) =>
    index % TAINTED_EVERY === 0 ? { ...node, spec: { ...node.spec, taints: [TAINT] } } : node,
  );
}

type Draw = (random: Random) => StormWorkload;

/** Draws some kinds of workload by chance, each at most once. */
export function drawWorkloads(random: Random): StormWorkload {
  const drawn = KINDS_OF_WORKLOAD.filter(() => random.chance(0.4)).map((draw) => draw(random));
  return {
    arrivals: drawn.flatMap(({ arrivals }) => arrivals).sort((a, b) => a.atMs - b.atMs),
    rules: Object.assign({}, ...drawn.map(({ rules }) => rules)) as StormWorkload["rules"],
    pods: drawn.reduce((sum, { pods }) => sum + pods, 0),
  };
}

/** Bare pods that differ from plain ones by what `spec` adds. */
function bare(name: string, random: Random, spec: object, rule: PodRule, before: readonly Arrival[] = []) {
  const count = 4 + random.below(12);
  const labels = { app: name };
  const arrivals = Array.from({ length: count }, (_, index) => {
    const draft = podOf(`${name}-${index}`, demand(random), random.chance(0.5) ? undefined : 8_000);
    return arrivalOf(
      { ...draft, metadata: { ...draft.metadata, labels }, spec: { ...draft.spec, ...spec } },
      random.below(20_000),
    );
  });
  return { arrivals: [...before, ...arrivals], rules: { [`default/${name}-`]: rule }, pods: count };
}

/** An object with a template of pods. */
function controlled(
  name: string,
  kind: string,
  random: Random,
  { spec, pods, rule, annotations }: ControlledParts,
): StormWorkload {
  const labels = { app: name };
  const template = {
    metadata: { labels, ...(annotations && { annotations }) },
    spec: {
      containers: [{ name: "main", image: "web:1", resources: { requests: demand(random) } }],
      ...(kind === "Job" && { restartPolicy: "Never" }),
    },
  };
  const selector = kind === "Job" ? {} : { selector: { matchLabels: labels } };
  const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
  const metadata = { name, namespace: "default" };
  const draft = { apiVersion, kind, metadata, spec: { ...spec, ...selector, template }, status: {} };
  return {
    arrivals: [arrivalOf(draft, random.below(5_000))],
    rules: rule === undefined ? {} : { [`default/${name}-`]: rule },
    pods,
  };
}

interface ControlledParts {
  readonly spec: object;
  readonly pods: number;
  readonly rule?: PodRule;
  readonly annotations?: Readonly<Record<string, string>>;
}

const KINDS_OF_WORKLOAD: readonly Draw[] = [
  (random) => {
    const priorityClass = {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "high" },
      value: 1_000,
    };
    const first = [arrivalOf(priorityClass, 0)];
    return bare("vip", random, { priorityClassName: "high" }, { priority: 1_000 }, first);
  },
  (random) => {
    const selector = { [Label.zone]: `zone-${1 + random.below(4)}` };
    return bare("zoned", random, { nodeSelector: selector }, { selector });
  },
  (random) => bare("tolerant", random, { tolerations: [TAINT_TOLERATED] }, { toleratesTaint: true }),
  (random) => {
    const rule = {
      labelSelector: { matchLabels: { app: "apart" } },
      topologyKey: "kubernetes.io/hostname",
    };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [rule] } };
    return bare("apart", random, { affinity }, { isApart: true });
  },
  (random) => {
    const maxSkew = 1 + random.below(2);
    const labelSelector = { matchLabels: { app: "even" } };
    const constraint = {
      maxSkew,
      topologyKey: Label.zone,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector,
    };
    return bare("even", random, { topologySpreadConstraints: [constraint] }, { maxSkew });
  },
  (random) => {
    const replicas = 5 + random.below(25);
    const budget = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web", namespace: "default" },
      spec: { minAvailable: "50%", selector: { matchLabels: { app: "web" } } },
      status: {},
    };
    const web = controlled("web", "Deployment", random, {
      spec: { replicas },
      pods: replicas,
      rule: { replicas },
    });
    return { ...web, arrivals: [...web.arrivals, arrivalOf(budget, 5_000)] };
  },
  (random) => {
    const replicas = 3 + random.below(6);
    return controlled("db", "StatefulSet", random, { spec: { replicas, serviceName: "db" }, pods: replicas });
  },
  (random) => {
    const completions = 6 + random.below(10);
    return controlled("batch", "Job", random, {
      spec: { completions, parallelism: 4, backoffLimit: 1_000 },
      pods: completions,
      annotations: { [Annotation.duration]: "4s" },
    });
  },
  () => {
    const template = {
      metadata: { labels: { app: "probe" } },
      spec: { containers: [{ name: "main", image: "probe:1" }] },
    };
    const draft = {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "probe", namespace: "default" },
      spec: { selector: { matchLabels: { app: "probe" } }, template },
      status: {},
    };
    const rules = { "default/probe-": { isEverywhere: true } } as const;
    return { arrivals: [arrivalOf(draft, 0)], rules, pods: 20 };
  },
];

const TAINT_TOLERATED = { key: TAINT.key, operator: "Equal", value: TAINT.value, effect: TAINT.effect };

function demand(random: Random) {
  return { cpu: `${250 * (1 + random.below(8))}m`, memory: "256Mi" };
}

function arrivalOf(draft: object, atMs: number): Arrival {
  const object = draft as Draft<KubeObject>;
  return { id: object.metadata.name as string, atMs, draft: object, isOwn: false };
}
