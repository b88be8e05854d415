import { UsageError } from "../errors.ts";

/** The flags of `kubesim simulate` as they were given. */
export interface SimulateInput {
  readonly scenario?: string;
  readonly nodes?: readonly string[];
  readonly everyNode?: string;
  readonly selectNodes?: string;
  readonly node?: readonly string[];
  readonly onDemand: boolean;
  readonly processors?: string;
  readonly live: boolean;
  readonly pods?: readonly string[];
  readonly resources?: string;
  readonly arrivals?: string;
  readonly limitPods?: string;
  readonly order?: string;
  readonly demand?: string;
  readonly generate?: readonly string[];
  readonly podCount?: string;
  readonly podCpu?: string;
  readonly podMemory?: string;
  readonly podGpu?: string;
  readonly podDuration?: string;
  readonly strategy?: readonly string[];
  readonly queue?: string;
  readonly failureProb?: string;
  readonly recoveryProb?: string;
  readonly tick?: string;
  readonly mtbf?: string;
  readonly mttr?: string;
  readonly preset?: string;
  readonly fault?: string;
  readonly event?: readonly string[];
  readonly timing?: string;
  readonly duration?: string;
  readonly seed?: readonly string[];
  readonly stop?: readonly string[];
  readonly metric?: string;
  readonly report?: string;
  readonly workers?: string;
  readonly record?: string;
  readonly shrink?: string;
  readonly schema: boolean;
}

/** What a scenario file would have to say for the same; only fields that flags speak of are there. */
export function rawSpec(input: SimulateInput): Readonly<Record<string, unknown>> {
  const fields = {
    nodes: nodesOf(input),
    workload: workloadOf(input),
    strategies: names(input.strategy),
    seeds: names(input.seed),
    queue: input.queue ?? (input.onDemand ? "fcfs" : undefined),
    timing: input.timing,
    faults: faultsOf(input),
    events: input.event,
    duration: input.duration,
    stop: input.stop,
  };
  return given(fields);
}

/** The flag that a field of a spec comes from. */
export function flagOfPath(path: string): string {
  const [head = "", field = ""] = path.replace(/\[\d+\]/g, "").split(".");
  const byField: Readonly<Record<string, string>> = {
    every: "--every-node",
    limit: "--limit-pods",
    select: "--select-nodes",
    order: "--order",
    demand: "--demand",
    processors: "--processors",
    resources: "--resources",
    count: head === "nodes" ? "--node count" : "--pod-count",
    cpu: head === "nodes" ? "--node cpu" : "--pod-cpu",
    memory: head === "nodes" ? "--node memory" : "--pod-memory",
    gpu: head === "nodes" ? "--node gpu" : "--pod-gpu",
    duration: "--pod-duration",
    arrivals: "--generate",
    mtbf: "--mtbf",
    mttr: "--mttr",
    tick: "--tick",
    failureProbability: "--failure-prob",
    recoveryProbability: "--recovery-prob",
    preset: "--preset",
    fault: "--fault",
  };
  const byHead: Readonly<Record<string, string>> = {
    nodes: "--node",
    workload: "--generate",
    strategies: "--strategy",
    seeds: "--seed",
    faults: "--mtbf, --preset or --failure-prob",
    events: "--event",
  };
  if (head === "nodes" && field !== "" && byField[field] === undefined) return `--node ${field}`;
  return byField[field] ?? (field === "" || head === "nodes" ? (byHead[head] ?? `--${head}`) : `--${field}`);
}

function nodesOf(input: SimulateInput): readonly object[] | undefined {
  const files = (input.nodes ?? []).map((file) =>
    given({
      file,
      every: whole(input.everyNode, "--every-node"),
      resources: input.resources?.split(","),
      select: input.selectNodes,
    }),
  );
  const machine =
    input.processors === undefined ? [] : [{ processors: whole(input.processors, "--processors") }];
  const shapes = (input.node ?? []).map((text) => shapeOf(text, input.onDemand));
  const all = [...files, ...machine, ...shapes];
  return all.length === 0 ? undefined : all;
}

const NUMBERS = ["count", "zones", "gpu"];

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false };

function shapeOf(text: string, allOnDemand: boolean): object {
  const entries = text.split(",").map((part) => {
    const at = part.indexOf("=");
    const hint = "Write it like count=10,cpu=8,memory=32Gi,gpu=2,zones=3";
    if (at < 1) throw new UsageError(`--node "${text}" is not of the form name=value,...`, hint);
    const [name, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    return [name, NUMBERS.includes(name) ? Number(value) : (FLAGS[value] ?? value)];
  });
  const shape: Readonly<Record<string, unknown>> = Object.fromEntries(entries);
  const onDemand = allOnDemand || shape.onDemand === true;
  return { count: onDemand ? 1_000_000 : 1, ...shape, ...(onDemand && { onDemand }) };
}

function workloadOf(input: SimulateInput): readonly object[] | undefined {
  const { arrivals, resources, podCount } = input;
  const { podCpu: cpu, podMemory: memory, podGpu: gpu, podDuration: duration } = input;
  const files = (input.pods ?? []).map((file) =>
    given({
      file,
      resources: resources?.split(","),
      arrivals,
      limit: whole(input.limitPods, "--limit-pods"),
      order: input.order,
      demand: input.demand,
    }),
  );
  const drawn = (input.generate ?? []).map((process, index) => {
    const name = index === 0 ? "pod" : `pod${index + 1}`;
    const count = whole(podCount, "--pod-count");
    return given({ name, arrivals: process, count, cpu, memory, gpu, duration });
  });
  const all = [...files, ...drawn];
  return all.length === 0 ? undefined : all;
}

function faultsOf(input: SimulateInput): readonly object[] | undefined {
  const { fault, preset, mtbf, mttr, failureProb, recoveryProb, tick } = input;
  const all: object[] = [];
  if (preset !== undefined) all.push(given({ preset, fault }));
  if (mtbf !== undefined || mttr !== undefined) all.push(given({ mtbf, mttr, fault }));
  if (failureProb !== undefined) {
    const recoveryProbability = recoveryProb === undefined ? undefined : recoveryProb;
    all.push(given({ failureProbability: failureProb, recoveryProbability, tick, fault }));
  }
  return all.length === 0 ? undefined : all;
}

function names(texts: readonly string[] | undefined): readonly string[] | undefined {
  return texts?.flatMap((text) => text.split(",").map((name) => name.trim()));
}

function whole(text: string | undefined, flag: string): number | undefined {
  return text === undefined ? undefined : requireWhole(text, flag);
}

/** Reads the number of a flag that counts something. Fails with UsageError. */
export function requireWhole(text: string, flag: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`${flag} "${text}" is not a whole number above zero`);
}

function given(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  // A flag that may be repeated is an empty list when it is absent.
  const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value)));
}
