import type { Container, Probe } from "../../../api/kinds/pod.ts";
import type { ProbeBehaviour } from "./behaviour.ts";

/** Something that a probe of a container brings about, so many ms after the container's start. */
export interface ProbeStep {
  readonly atMs: number;
  readonly probe: "Startup" | "Readiness" | "Liveness";
  /** `failure`: it failed, and nothing follows from that yet; `kill`: it failed once too often. */
  readonly change: "started" | "ready" | "unready" | "failure" | "kill";
}

/** Readiness of a container without such a probe, where the pod says when it is ready all the same. */
const UNPROBED: Probe = { periodSeconds: 1, failureThreshold: 1, successThreshold: 1 };

/**
 * What the probes of one run of a container bring about, in order of time; nothing while all is well and stays so.
 * A container without steps is started and ready from its start on.
 */
export function* probeSteps(container: Container, behaviour: ProbeBehaviour): Generator<ProbeStep> {
  let startedMs = 0;
  if (container.startupProbe !== undefined) {
    const end = yield* startupSteps(container.startupProbe, behaviour);
    if (end === undefined) return;
    startedMs = end;
  }
  yield* inOrder([
    readinessSteps(container.readinessProbe, behaviour, startedMs),
    livenessSteps(container.livenessProbe, behaviour, startedMs),
  ]);
}

/** Returns when the container has started; undefined when it never does. */
function* startupSteps(
  probe: Probe,
  { startedAfterMs }: ProbeBehaviour,
): Generator<ProbeStep, number | undefined> {
  let atMs = tickFrom(probe, 0);
  for (let failures = 1; atMs < startedAfterMs; failures++) {
    yield { atMs, probe: "Startup", change: "failure" };
    if (failures >= threshold(probe)) {
      yield { atMs, probe: "Startup", change: "kill" };
      return undefined;
    }
    atMs = tickFrom(probe, atMs + 1);
  }
  yield { atMs, probe: "Startup", change: "started" };
  return atMs;
}

function* readinessSteps(
  given: Probe | undefined,
  { readyAfterMs, unreadyAtMs, readyAgainMs }: ProbeBehaviour,
  fromMs: number,
): Generator<ProbeStep> {
  const probe = given ?? UNPROBED;
  const isFailing = (ms: number) => ms < readyAfterMs || (ms >= unreadyAtMs && ms < readyAgainMs);
  let isReady = false;
  let successes = 0;
  let failures = 0;
  let nextMs = fromMs;
  while (nextMs !== Number.POSITIVE_INFINITY) {
    const atMs = tickFrom(probe, nextMs);
    nextMs = atMs + 1;
    if (isFailing(atMs)) {
      successes = 0;
      failures++;
      if (given !== undefined) yield { atMs, probe: "Readiness", change: "failure" };
      if (failures < threshold(probe)) continue;
      if (isReady) yield { atMs, probe: "Readiness", change: "unready" };
      isReady = false;
    } else {
      failures = 0;
      successes++;
      if (!isReady && successes < (probe.successThreshold ?? 1)) continue;
      if (!isReady) yield { atMs, probe: "Readiness", change: "ready" };
      isReady = true;
    }
    // Nothing more comes of further probes before the behaviour changes.
    nextMs = nextAfter(atMs, [readyAfterMs, unreadyAtMs, readyAgainMs]);
  }
}

function* livenessSteps(
  probe: Probe | undefined,
  { livenessFailsAfterMs }: ProbeBehaviour,
  fromMs: number,
): Generator<ProbeStep> {
  if (probe === undefined || livenessFailsAfterMs === Number.POSITIVE_INFINITY) return;
  let atMs = tickFrom(probe, Math.max(fromMs, livenessFailsAfterMs));
  for (let failures = 1; ; failures++) {
    yield { atMs, probe: "Liveness", change: "failure" };
    if (failures >= threshold(probe)) break;
    atMs = tickFrom(probe, atMs + 1);
  }
  yield { atMs, probe: "Liveness", change: "kill" };
}

/** The first time of the probe that is not before `fromMs`: its initial delay, or so many periods later. */
function tickFrom({ initialDelaySeconds = 0, periodSeconds }: Probe, fromMs: number): number {
  const firstMs = initialDelaySeconds * 1_000;
  const periodMs = (periodSeconds || 10) * 1_000;
  return firstMs + Math.max(0, Math.ceil((fromMs - firstMs) / periodMs)) * periodMs;
}

function threshold({ failureThreshold }: Probe): number {
  return failureThreshold || 3;
}

function nextAfter(atMs: number, times: readonly number[]): number {
  return Math.min(...times.filter((time) => time > atMs), Number.POSITIVE_INFINITY);
}

/** Steps of several probes by time; at the same time the first probe's come first. */
function* inOrder(sources: readonly Generator<ProbeStep>[]): Generator<ProbeStep> {
  const heads = sources.map((source) => ({ source, next: source.next() }));
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true);
    const [first, ...others] = open;
    if (first === undefined) return;
    const earliest = others.reduce((best, each) => (atOf(each.next) < atOf(best.next) ? each : best), first);
    yield earliest.next.value as ProbeStep;
    earliest.next = earliest.source.next();
  }
}

function atOf(result: IteratorResult<ProbeStep>): number {
  return (result.value as ProbeStep).atMs;
}
