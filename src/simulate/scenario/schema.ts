import { parseLabelSelector } from "../../api/selector.ts";
import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import { parseCondition } from "../../chaos/conditions/parse-condition.ts";
import { FAULTS } from "../../chaos/faults/registry.ts";
import { DISCIPLINES } from "../../scheduler/queue/disciplines/registry.ts";
import { PRESETS, presetOf } from "../faults/presets.ts";
import { type Distribution, scaleOf } from "../generate/distribution.ts";
import type { FaultProcess, FaultSpan, NodeSource, Scenario, WorkloadSource } from "./scenario.ts";
import {
  choice,
  flag,
  list,
  number,
  object,
  type Place,
  type Shape,
  text,
  texts,
  variants,
} from "./shape.ts";
import { arrivals, bytes, cores, demand, distribution, fixedEvent, gpus, milliseconds } from "./words.ts";

const WAYS_TO_ARRIVE =
  "a way to arrive: none, poisson:RATE, constant:RATE, burst:SIZE,EVERY or diurnal:LOW,HIGH,PERIOD, with rates above 0";

const MANY = 10_000_000;
const SEEDS_MAX = 100_000;
const GPUS_MAX = 1_000;

const word = text("a text", "web", (value) => (value === "" ? undefined : value));
const file = text("the name of a file", "nodes.csv", (value) => (value === "" ? undefined : value));
const duration = text("a duration", "30s", (value) => milliseconds(value) || undefined);
const quantity = (example: string, read: (text: string) => number | undefined) =>
  text("a quantity above zero", example, (value) => ((read(value) ?? 0) > 0 ? value : undefined));
const durations = text("a distribution of durations", "exponential:5m", distribution(milliseconds));
const spans = text("a distribution of durations above zero", "exponential:5m", (value) => {
  const read = distribution(milliseconds)(value);
  return read !== undefined && scaleOf(read) > 0 ? read : undefined;
});
const probability = number(0, 1);
const faultName = choice(
  "a fault",
  FAULTS.map(({ name }) => name),
);

const RESOURCES = {
  shape: list(choice("a resource", ["cpu", "memory", "gpu"])),
  fallback: ["cpu", "memory"],
} as const;
const select = text("a label selector", "zone=a", (value) => {
  try {
    parseLabelSelector(value);
    return value;
  } catch {
    return undefined;
  }
});

const nodes: Shape<NodeSource> = variants<NodeSource>({
  file: object({
    file: { shape: file, summary: "openb node list (CSV) or manifests" },
    every: { shape: number(1, MANY, true), summary: "takes rows 0, N, 2N, ...", fallback: 1 },
    limit: { shape: number(1, MANY, true), summary: "only so many", optional: true },
    resources: { ...RESOURCES, summary: "what openb rows have; GPUs (shared) only when they are named" },
    select: { shape: select, summary: "only nodes with these labels", optional: true },
  }) as Shape<NodeSource>,
  processors: map(
    object<{ readonly processors: number }>({
      processors: { shape: number(1, MANY, true), summary: "one machine with so many CPUs" },
    }),
    ({ processors }) => ({
      count: 1,
      prefix: "machine",
      cpu: String(processors),
      memory: "1Pi",
      pods: String(MANY),
      gpu: 0,
      labels: {},
      zones: 0,
      onDemand: false,
    }),
  ),
  count: object({
    count: { shape: number(1, MANY, true), summary: "how many nodes" },
    prefix: { shape: word, summary: "nodes are called PREFIX-1, PREFIX-2, ...", fallback: "node" },
    cpu: { shape: quantity("4", cores), summary: "CPU of each", fallback: "4" },
    memory: { shape: quantity("16Gi", bytes), summary: "memory of each", fallback: "16Gi" },
    pods: { shape: quantity("110", cores), summary: "pods that each takes", fallback: "110" },
    gpu: { shape: number(0, GPUS_MAX, true), summary: "GPUs of each, which pods can share", fallback: 0 },
    labels: { shape: texts, summary: "labels of each", fallback: {} },
    zones: { shape: number(0, 1_000, true), summary: "dealt out to so many zones", fallback: 0 },
    onDemand: { shape: flag, summary: "added one by one when a pod fits nowhere", fallback: false },
  }) as Shape<NodeSource>,
});

const workload: Shape<WorkloadSource> = variants<WorkloadSource>({
  file: object({
    file: {
      shape: file,
      summary: "openb pod list, log in standard workload format, manifests; also gzipped",
    },
    resources: { ...RESOURCES, summary: "what openb rows ask for" },
    arrivals: {
      shape: choice("a way to arrive", ["none", "trace"]),
      summary: "none: all at the start, never leaving; trace: the file's own times",
      optional: true,
    },
    limit: { shape: number(1, MANY, true), summary: "only so many", optional: true },
    order: {
      shape: choice("an order", ["file", "shuffled"]),
      summary: "shuffled: in another order with each seed; all at the start",
      fallback: "file",
    },
    demand: {
      shape: text("a demand", "gpu=1.3", demand),
      summary: "pods are drawn again, or left out, until they ask for so many times what the nodes have",
      optional: true,
    },
  }) as Shape<WorkloadSource>,
  arrivals: object({
    name: { shape: word, summary: "names the pods and their streams of chance", fallback: "pod" },
    arrivals: {
      shape: text(WAYS_TO_ARRIVE, "poisson:2", arrivals),
      summary: "when pods come; rates are pods per second",
    },
    count: { shape: number(1, MANY, true), summary: "so many at most", optional: true },
    cpu: {
      shape: text("a distribution of CPU", "uniform:100m,4", distribution(cores)),
      summary: "what each asks for",
      fallback: "1",
    },
    memory: {
      shape: text("a distribution of memory", "constant:1Gi", distribution(bytes)),
      summary: "what each asks for",
      fallback: "1Gi",
    },
    gpu: {
      shape: text("a distribution of GPUs", "empirical:0.25,0.5,1", distribution(gpus)),
      summary: "GPUs that each asks for: a share of one, or whole ones",
      optional: true,
    },
    duration: { shape: durations, summary: "how long each runs; absent: for ever", optional: true },
  }) as Shape<WorkloadSource>,
});

/** When a process hurts nodes, as files say it. */
interface Span {
  readonly from?: number;
  readonly until?: number;
}

interface Renewal extends Span {
  readonly fault: string;
  readonly mtbf: Distribution;
  readonly mttr: Distribution;
  readonly select?: string;
}

interface Ticks extends Span {
  readonly fault: string;
  readonly tick: number;
  readonly failureProbability: number;
  readonly recoveryProbability: number;
}

interface Preset extends Span {
  readonly fault: string;
  readonly preset: (typeof PRESETS)[number];
  readonly select?: string;
}

const FAULT = { shape: faultName, summary: "what happens to a node", fallback: "node-crash" } as const;

const SPAN = {
  from: { shape: duration, summary: "nobody fails before; absent: from the start", optional: true },
  until: { shape: duration, summary: "nobody fails from then on; absent: to the end", optional: true },
} as const;

/** The fields of a span, by the names that the run has for them. */
function spanned<T extends Span>({ from, until, ...rest }: T, place: Place): Omit<T, keyof Span> & FaultSpan {
  if (until !== undefined && until <= (from ?? 0)) throw place.child("until").fault("is not after from");
  return {
    ...rest,
    ...(from !== undefined && { fromMs: from }),
    ...(until !== undefined && { untilMs: until }),
  };
}

const faults: Shape<FaultProcess> = variants<FaultProcess>({
  failureProbability: map(
    object<Ticks>({
      fault: FAULT,
      tick: { shape: duration, summary: "time from tick to tick", fallback: "5s" },
      failureProbability: { shape: probability, summary: "chance per tick that a node fails" },
      recoveryProbability: { shape: probability, summary: "chance per tick that it recovers", fallback: 0.3 },
      ...SPAN,
    } as never),
    ({ tick, ...rest }, place) => ({ ...spanned(rest, place), tickMs: tick }),
  ),
  mtbf: map(
    object<Renewal>({
      fault: FAULT,
      mtbf: { shape: spans, summary: "time until a node fails; a value alone: exponential" },
      mttr: { shape: durations, summary: "time until it is back; a value alone: exponential" },
      select: { shape: select, summary: "only nodes with these labels", optional: true },
      ...SPAN,
    } as never),
    ({ mtbf, mttr, ...rest }, place) => ({
      ...spanned(rest, place),
      upMs: chancy(mtbf),
      downMs: chancy(mttr),
    }),
  ),
  preset: map(
    object<Preset>({
      fault: FAULT,
      preset: { shape: choice("a preset", PRESETS), summary: "the failures of a real system" },
      select: { shape: select, summary: "only nodes with these labels", optional: true },
      ...SPAN,
    } as never),
    ({ preset, ...rest }, place) => ({ ...spanned(rest, place), ...presetOf(preset) }),
  ),
});

/** A scenario's spec; strategies are names or files, which who reads the scenario replaces by their text. */
export type ScenarioSpec = Omit<Scenario, "name" | "strategies" | "durationMs"> & {
  readonly strategies: readonly string[];
  readonly duration?: number;
};

const condition = text("a condition", "pending==0", (value) =>
  "condition" in parseCondition(value) ? value : undefined,
);

/** The shape of a scenario's spec. */
export const scenarioSpec: Shape<ScenarioSpec> = object<ScenarioSpec>({
  nodes: { shape: list(nodes), summary: "nodes, in order of creation", fallback: [] },
  workload: { shape: list(workload), summary: "what comes, in order", fallback: [] },
  strategies: {
    shape: list(text("the name or file of a strategy", "best-fit", (value) => value || undefined)),
    summary: "strategies to compare",
    fallback: ["first-fit"],
  },
  seeds: {
    shape: map(list(text("a seed, or a range of them", "1..10", seedsOf)), (each) => each.flat()),
    summary: "one run per strategy and seed; 1..10: ten of them",
    fallback: ["1"],
  },
  queue: {
    shape: choice(
      "a queue discipline",
      DISCIPLINES.map(({ name }) => name),
    ),
    summary: "what a pod that fits nowhere means for those behind it",
    fallback: "skip",
  },
  timing: {
    shape: choice("a timing profile", Object.keys(TIMING_PROFILES)),
    summary: "how fast the cluster notices and reacts",
    fallback: "fast",
  },
  faults: { shape: list(faults), summary: "how nodes fail by chance", fallback: [] },
  events: {
    shape: list(text("an event", "at 10s crash busiest", fixedEvent)),
    summary: "what happens at fixed times",
    fallback: [],
  },
  duration: { shape: duration, summary: "absent: until nothing is left to happen", optional: true },
  stop: { shape: list(condition), summary: "ends the run as soon as one holds", fallback: [] },
} as never);

/** A seed is any text; `1..10` are ten of them. Undefined when it is neither. */
function seedsOf(value: string): readonly string[] | undefined {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(value) ?? [];
  if (first === undefined) return value === "" ? undefined : [value];
  const count = Number(last) - Number(first) + 1;
  if (!(count >= 1 && count <= SEEDS_MAX)) return undefined;
  return Array.from({ length: count }, (_, index) => String(Number(first) + index));
}

/** The JSON schema of a scenario file, for editors. */
export function scenarioJsonSchema(): object {
  const head = object<object>({
    apiVersion: { shape: choice("the version", ["kubesim.dev/v1alpha1"]), summary: "" },
    kind: { shape: choice("the kind", ["Scenario"]), summary: "" },
    metadata: { shape: object<object>({ name: { shape: word, summary: "" } } as never), summary: "" },
    spec: { shape: scenarioSpec, summary: "" },
  } as never);
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: "kubesim Scenario", ...head.json };
}

function map<From, To>(shape: Shape<From>, change: (value: From, place: Place) => To): Shape<To> {
  return { json: shape.json, read: (value, place) => change(shape.read(value, place), place) };
}

/** Time between failures is never the same each time: a value alone is a mean. */
function chancy(given: Distribution): Distribution {
  return given.distribution === "constant" ? { distribution: "exponential", mean: given.value } : given;
}
