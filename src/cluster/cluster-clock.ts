import { ApiError, badRequest, notFound } from "../api/errors.ts";
import {
  CLUSTER_CLOCK_NAME,
  type ClockAdvance,
  type ClusterClock,
  clusterClocks,
  DEFAULT_SPEED,
  elapsedText,
  parseSpeed,
  realTimeRefusal,
} from "../api/kinds/cluster-clock.ts";
import { type KubeObject, microTimestamp, type ObjectKey, timestamp } from "../api/meta.ts";
import type { WriteOptions } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import { HeldClock } from "../clock/held.ts";
import { RealClock } from "../clock/real.ts";
import { parseDuration } from "../lib/duration.ts";
import type { ComputedKind } from "../store/computed.ts";
import type { Store } from "../store/store.ts";
import { Tally } from "./tally.ts";

/** The cluster's clock as an object: any client reads the time in it, and holds, runs and advances a held one. */
export class ClusterClocks implements ComputedKind {
  readonly kind = clusterClocks;
  readonly #clock: Clock;
  readonly #store: Store;
  /** Timeouts of callers count in real time. */
  readonly #real = new RealClock();
  #speed = DEFAULT_SPEED;

  constructor(clock: Clock, store: Store) {
    this.#clock = clock;
    this.#store = store;
  }

  get({ name }: ObjectKey): ClusterClock | undefined {
    return name === CLUSTER_CLOCK_NAME ? this.#object() : undefined;
  }

  list(): readonly ClusterClock[] {
    return [this.#object()];
  }

  async change(object: KubeObject, { dryRun }: WriteOptions): Promise<ClusterClock> {
    const clock = this.#held();
    const { mode, speed = this.#speed } = (object as ClusterClock).spec;
    if (dryRun) return { ...this.#object(), spec: { mode, speed } };
    if (mode === "Running" && clock.isLeaping) throw isMoving("it is being advanced");
    this.#speed = speed;
    if (mode === "Paused") await clock.hold();
    else clock.run(parseSpeed(speed) as number);
    return this.#object();
  }

  async act(
    { name }: ObjectKey,
    action: string,
    body: unknown,
    options: WriteOptions,
  ): Promise<ClockAdvance> {
    if (name !== CLUSTER_CLOCK_NAME) throw notFound(clusterClocks, name);
    const clock = this.#held();
    const { spec = {} } = (body ?? {}) as ClockAdvance;
    const timeoutMs = duration("timeout", spec.timeout) ?? Number.POSITIVE_INFINITY;
    const durationMs =
      action === "step" ? stepOf(clock, spec) : required(duration("duration", spec.duration));
    if (durationMs > clock.roomMs) throw badRequest("spec.duration: leads beyond the year 9999");
    if (clock.speed !== undefined) throw isMoving("it runs by itself; pause it first");
    if (clock.isLeaping) throw isMoving("it is being advanced already");
    return this.#advance(clock, spec, options.dryRun ? 0 : durationMs, timeoutMs);
  }

  async #advance(
    clock: HeldClock,
    spec: NonNullable<ClockAdvance["spec"]>,
    durationMs: number,
    timeoutMs: number,
  ): Promise<ClockAdvance> {
    const from = clock.now();
    const before = clock.callbacksRun;
    const dueMs = this.#real.monotonicMs() + timeoutMs;
    const tally = new Tally(this.#store);
    const reached = await clock.leap({ durationMs, stop: () => this.#real.monotonicMs() >= dueMs });
    tally.end();
    await this.#store.flush();
    const status = {
      from: microTimestamp(from),
      to: microTimestamp(clock.now()),
      advancedMs: clock.now() - from,
      reached,
      events: clock.callbacksRun - before,
      changes: tally.changes,
      pods: tally.pods,
    };
    return { apiVersion: "kubesim.dev/v1alpha1", kind: "ClockAdvance", spec, status };
  }

  #held(): HeldClock {
    if (this.#clock instanceof HeldClock) return this.#clock;
    throw realTimeRefusal();
  }

  #object(): ClusterClock {
    const clock = this.#clock;
    const held = clock instanceof HeldClock ? clock : undefined;
    const start = held?.startMs ?? clock.now();
    return {
      apiVersion: "kubesim.dev/v1alpha1",
      kind: "ClusterClock",
      metadata: {
        name: CLUSTER_CLOCK_NAME,
        uid: "",
        resourceVersion: "",
        creationTimestamp: timestamp(start),
      },
      spec: held === undefined ? { mode: "Real" } : { mode: modeOf(held), speed: this.#speed },
      status: { time: microTimestamp(clock.now()), ...(held && heldStatus(held)) },
    };
  }
}

function modeOf(clock: HeldClock): "Paused" | "Running" {
  return clock.speed === undefined ? "Paused" : "Running";
}

function heldStatus(clock: HeldClock): Partial<ClusterClock["status"]> {
  const elapsedMs = clock.monotonicMs();
  const { nextDueMs } = clock;
  return {
    startTime: microTimestamp(clock.startMs),
    elapsed: elapsedText(elapsedMs),
    elapsedMs: Math.floor(elapsedMs),
    advancing: clock.isLeaping,
    pendingTimers: clock.pendingTimers,
    ...(nextDueMs !== undefined && { nextEventTime: microTimestamp(clock.startMs + Math.ceil(nextDueMs)) }),
  };
}

/** To the next timer; a cluster in which nothing is pending stays where it is. */
function stepOf(clock: HeldClock, spec: NonNullable<ClockAdvance["spec"]>): number {
  const limitMs = duration("duration", spec.duration) ?? Number.POSITIVE_INFINITY;
  const nextMs = clock.nextDueMs ?? clock.monotonicMs();
  return Math.min(limitMs, nextMs - clock.monotonicMs());
}

function duration(field: string, text: unknown): number | undefined {
  if (text === undefined) return undefined;
  const durationMs = typeof text === "string" ? parseDuration(text) : undefined;
  if (durationMs === undefined) {
    throw badRequest(
      `spec.${field}: Invalid value: ${JSON.stringify(text)}: must be a duration such as 5m or 250ms`,
    );
  }
  return Math.round(durationMs);
}

function required(durationMs: number | undefined): number {
  if (durationMs === undefined) throw badRequest("spec.duration: Required value: say how far, such as 5m");
  return durationMs;
}

function isMoving(why: string): ApiError {
  return new ApiError("Conflict", `the clock cannot be moved: ${why}`, { kind: clusterClocks.plural });
}
