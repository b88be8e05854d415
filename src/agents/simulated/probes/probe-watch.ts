import type { Container, Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import type { Clock } from "../../../clock/clock.ts";
import { annotationOf } from "../containers/annotations.ts";
import { PausableTimer } from "../pausable-timer.ts";
import { probeBehaviour } from "./behaviour.ts";
import { type ProbeStep, probeSteps } from "./steps.ts";

/** Whether probes or annotations can have a say in when the container is ready. */
export function hasProbes(pod: Pod, container: Container): boolean {
  const { name, readinessProbe, livenessProbe, startupProbe } = container;
  if (readinessProbe !== undefined || livenessProbe !== undefined || startupProbe !== undefined) return true;
  if (pod.metadata.annotations === undefined) return false;
  return [Annotation.readyAfter, Annotation.unreadyAt].some(
    (annotation) => annotationOf(pod, name, annotation) !== undefined,
  );
}

/** The probes of one run of a container: one timer for what comes next, none when nothing does. */
export class ProbeWatch {
  readonly #timer: PausableTimer;
  readonly #steps: Generator<ProbeStep>;
  readonly #onStep: (step: ProbeStep) => void;
  #next: ProbeStep | undefined;
  #isStarted: boolean;
  #isReady = false;
  #elapsedMs: number;

  /**
   * What should have come up to now counts as seen, without a call; `start` sets the rest going.
   * @param elapsedMs since the start of the container
   */
  constructor(
    clock: Clock,
    pod: Pod,
    container: Container,
    elapsedMs: number,
    onStep: (step: ProbeStep) => void,
  ) {
    this.#timer = new PausableTimer(clock);
    this.#onStep = onStep;
    this.#elapsedMs = elapsedMs;
    this.#isStarted = container.startupProbe === undefined;
    this.#steps = probeSteps(container, probeBehaviour(pod, container.name));
    this.#advance();
    // The first failures are told also when they come with the start.
    while (this.#next !== undefined && this.#next.atMs <= elapsedMs && !isTold(this.#next, elapsedMs))
      this.#take();
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Sets a timer for the next step, if there is one. */
  start(): void {
    const next = this.#next;
    if (next !== undefined) {
      this.#timer.set(Math.max(0, next.atMs - this.#elapsedMs), () => this.#step(next));
    }
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

  #step(step: ProbeStep): void {
    this.#elapsedMs = Math.max(this.#elapsedMs, step.atMs);
    this.#take();
    if (step.change !== "kill") this.start();
    this.#onStep(step);
  }

  #take(): void {
    const change = this.#next?.change;
    if (change === "started") this.#isStarted = true;
    if (change === "ready") this.#isReady = true;
    if (change === "unready") this.#isReady = false;
    this.#advance();
  }

  #advance(): void {
    const { value, done } = this.#steps.next();
    this.#next = done === true ? undefined : value;
  }
}

/** What ends the container is still to be done, and failures that come with its very start are still to be told. */
function isTold({ change }: ProbeStep, elapsedMs: number): boolean {
  return change === "kill" || (change === "failure" && elapsedMs === 0);
}
