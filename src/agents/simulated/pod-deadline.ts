import type { Pod } from "../../api/kinds/pod.ts";
import type { Clock } from "../../clock/clock.ts";
import { PausableTimer } from "./pausable-timer.ts";

/** What a kubelet says of a pod that has come to the end of its activeDeadlineSeconds. */
export const DEADLINE_EXCEEDED = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
} as const;

/** The deadline of one pod, from its first start on. */
export class PodDeadline {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  /** Made for pods that have one. */
  #timer: PausableTimer | undefined;

  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Takes over what the pod says now. */
  arm({ spec, status }: Pod): void {
    this.clear();
    if (spec.activeDeadlineSeconds === undefined) return;
    const now = this.#clock.now();
    const startedMs = status.startTime === undefined ? now : Date.parse(status.startTime);
    this.#timer ??= new PausableTimer(this.#clock);
    this.#timer.set(Math.max(0, startedMs + spec.activeDeadlineSeconds * 1_000 - now), this.#onEnd);
  }

  pause(): void {
    this.#timer?.pause();
  }

  resume(): void {
    this.#timer?.resume();
  }

  clear(): void {
    this.#timer?.clear();
  }
}
