import type { Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import type { Clock } from "../../../clock/clock.ts";
import { PausableTimer } from "../pausable-timer.ts";
import { probeBehaviour } from "./behaviour.ts";
import { type ProbeStep, probeSteps } from "./steps.ts";

/** What probes have found of one container so far. */
interface Found {
  readonly name: string;
  readonly steps: Generator<ProbeStep>;
  next: ProbeStep | undefined;
  isStarted: boolean;
  isReady: boolean;
}

/** Whether probes or annotations can have a say in when containers of the pod are ready. */
export function hasProbes({ metadata: { annotations }, spec }: Pod): boolean {
  if (annotations?.[Annotation.readyAfter] !== undefined) return true;
  if (annotations?.[Annotation.unreadyAt] !== undefined) return true;
  return spec.containers.some(
    ({ readinessProbe, livenessProbe, startupProbe }) =>
      readinessProbe !== undefined || livenessProbe !== undefined || startupProbe !== undefined,
  );
}

/** The probes of one run of a pod's containers: one timer for what comes next, none when nothing does. */
export class ProbeWatch {
  readonly #timer: PausableTimer;
  readonly #found: readonly Found[];
  readonly #onStep: (container: string, step: ProbeStep) => void;
  #elapsedMs: number;

  /**
   * What should have come up to now counts as seen, without a call; `start` sets the rest going.
   * @param elapsedMs since the start of the containers
   */
  constructor(
    clock: Clock,
    pod: Pod,
    elapsedMs: number,
    onStep: (container: string, step: ProbeStep) => void,
  ) {
    this.#timer = new PausableTimer(clock);
    this.#onStep = onStep;
    this.#elapsedMs = elapsedMs;
    const behaviour = probeBehaviour(pod);
    this.#found = pod.spec.containers.map((container) => {
      const { name, startupProbe } = container;
      const steps = probeSteps(container, behaviour);
      const found: Found = {
        name,
        steps,
        next: undefined,
        isStarted: startupProbe === undefined,
        isReady: false,
      };
      advance(found);
      // The first failures are told also when they come with the start.
      while (found.next !== undefined && found.next.atMs <= elapsedMs && !isTold(found.next, elapsedMs))
        take(found);
      return found;
    });
  }

  isStarted(container: string): boolean {
    return this.#found.find(({ name }) => name === container)?.isStarted ?? true;
  }

  isReady(container: string): boolean {
    return this.#found.find(({ name }) => name === container)?.isReady ?? true;
  }

  /** Sets a timer for the next step, if there is one. */
  start(): void {
    const [first] = this.#found.filter(({ next }) => next !== undefined).sort(byTime);
    if (first?.next === undefined) return;
    this.#timer.set(Math.max(0, first.next.atMs - this.#elapsedMs), () => this.#step(first));
  }

  pause(): void {
    this.#timer.pause();
  }

  resume(): void {
    this.#timer.resume();
  }

  stop(): void {
    this.#timer.clear();
  }

  #step(found: Found): void {
    const step = found.next as ProbeStep;
    this.#elapsedMs = Math.max(this.#elapsedMs, step.atMs);
    take(found);
    if (step.change !== "kill") this.start();
    this.#onStep(found.name, step);
  }
}

function byTime(left: Found, right: Found): number {
  return (left.next?.atMs ?? 0) - (right.next?.atMs ?? 0);
}

/** What ends the container is still to be done, and failures that come with its very start are still to be told. */
function isTold({ change }: ProbeStep, elapsedMs: number): boolean {
  return change === "kill" || (change === "failure" && elapsedMs === 0);
}

function take(found: Found): void {
  const change = found.next?.change;
  if (change === "started") found.isStarted = true;
  if (change === "ready") found.isReady = true;
  if (change === "unready") found.isReady = false;
  advance(found);
}

function advance(found: Found): void {
  const { value, done } = found.steps.next();
  found.next = done === true ? undefined : value;
}
