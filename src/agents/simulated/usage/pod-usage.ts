import type { Container, Pod } from "../../../api/kinds/pod.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import { Annotation } from "../../../api/well-known.ts";
import { fnv32a } from "../../../lib/fnv.ts";
import type { PodUsage } from "../../usage.ts";
import { parseUsage, type UsageModel, usageAt } from "./shape.ts";
import type { LoadSharers } from "./sharers.ts";

type Resource = "cpu" | "memory";

const ANNOTATION = { cpu: Annotation.usageCpu, memory: Annotation.usageMemory } as const;
/** Of its request, unless the pod says otherwise; and what containers without a request use. */
const DEFAULTS = {
  cpu: { low: 0.2, high: 0.6, bareLow: 0.001, bareHigh: 0.01, periodMs: 60_000 },
  memory: { low: 0.5, high: 0.7, bareLow: 24 * 2 ** 20, bareHigh: 48 * 2 ** 20, periodMs: 600_000 },
} as const;

const models = new Map<string, UsageModel | undefined>();
const MODELS_MAX = 4_096;

/** What each container of a running pod uses now: a function of the clock and the pod's uid, never above its limits. */
export function podUsage(pod: Pod, sharers: LoadSharers, now: number): PodUsage {
  const containers = runningContainers(pod);
  const cpu = usages(pod, containers, "cpu", sharers, now);
  const memory = usages(pod, containers, "memory", sharers, now);
  return {
    pod,
    containers: containers.map(({ name }, at) => ({
      name,
      usage: { cpu: cpu[at] as number, memory: memory[at] as number },
    })),
  };
}

/** Those that have a process; where there is but one the caller knows that it has. */
function runningContainers({ spec, status }: Pod): readonly Container[] {
  if (spec.containers.length === 1 && spec.initContainers === undefined) return spec.containers;
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const running = new Set(statuses.flatMap(({ name, state }) => (state.running ? [name] : [])));
  return [...spec.containers, ...(spec.initContainers ?? [])].filter(({ name }) => running.has(name));
}

function usages(
  pod: Pod,
  containers: readonly Container[],
  resource: Resource,
  sharers: LoadSharers,
  now: number,
): readonly number[] {
  const model = modelOf(pod.metadata.annotations?.[ANNOTATION[resource]]);
  const total = model && modelled(pod, model, sharers, now);
  const requests = containers.map((container) => quantity(container, "requests", resource) ?? 0);
  const requested = requests.reduce((sum, each) => sum + each, 0);
  return containers.map((container, at) => {
    const request = requests[at] as number;
    const share = requested > 0 ? request / requested : 1 / containers.length;
    const used = total === undefined ? usual(pod, container, resource, request, now) : total * share;
    return Math.min(used, quantity(container, "limits", resource) ?? Number.POSITIVE_INFINITY);
  });
}

function modelled(pod: Pod, { shape, isTotal }: UsageModel, sharers: LoadSharers, now: number): number {
  const { uid } = pod.metadata;
  const { count, since } = sharers.of(pod);
  if (isTotal) {
    // All of them must see the same noise.
    return count === 0 ? 0 : usageAt(shape, { now, ageMs: now - since, seed: 0 }) / count;
  }
  const startedMs = Date.parse(pod.status.startTime ?? pod.metadata.creationTimestamp);
  return usageAt(shape, { now, ageMs: now - startedMs, seed: fnv32a(uid) });
}

function usual(pod: Pod, { name }: Container, resource: Resource, request: number, now: number): number {
  const { low, high, bareLow, bareHigh, periodMs } = DEFAULTS[resource];
  const range = request > 0 ? { low: low * request, high: high * request } : { low: bareLow, high: bareHigh };
  const seed = fnv32a(`${pod.metadata.uid}/${name}/${resource}`);
  return usageAt({ name: "noise", ...range, periodMs }, { now, ageMs: 0, seed });
}

/** A text that says nothing understandable counts as absent. */
function modelOf(text: string | undefined): UsageModel | undefined {
  if (text === undefined) return undefined;
  if (models.has(text)) return models.get(text);
  if (models.size >= MODELS_MAX) models.clear();
  const model = parseUsage(text);
  models.set(text, model);
  return model;
}

function quantity(
  { resources }: Container,
  part: "requests" | "limits",
  resource: Resource,
): number | undefined {
  const text = resources?.[part]?.[resource];
  return text === undefined ? undefined : parseQuantity(text);
}
