import type { PodContainers } from "./containers/pod-containers.ts";
import type { PausableTimer } from "./pausable-timer.ts";

/** What containers are given to end when their hooks have used up all of the grace period. */
const LAST_GRACE_MS = 2_000;

/** Sees to it that stopping the containers of a pod takes no longer than its grace period. */
export class GracePeriod {
  readonly #timer: PausableTimer;

  /** @param timer of the pod, which has nothing else to wait for then */
  constructor(timer: PausableTimer) {
    this.#timer = timer;
  }

  /** @param longestMs what stopping takes by itself: where that is within the grace period, this costs nothing */
  limit(containers: PodContainers, longestMs: number, graceS: number): void {
    if (longestMs > graceS * 1_000) this.shorten(containers, graceS);
  }

  /** The grace period ends so much later from now. */
  shorten(containers: PodContainers | undefined, graceS: number): void {
    this.#timer.set(graceS * 1_000, () => {
      this.#timer.set(LAST_GRACE_MS, () => containers?.kill());
      containers?.hurry();
    });
  }
}
