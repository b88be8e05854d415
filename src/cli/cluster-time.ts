import type { Clock } from "../clock/clock.ts";

/**
 * What time it is for whoever looks at the cluster: that of its last answer where it lives in virtual time, else this
 * machine's. Ages are counted by it.
 */
export class ClusterTime {
  readonly #clock: Clock;
  #source: () => number | undefined = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ms since the epoch. */
  now(): number {
    return this.#source() ?? this.#clock.now();
  }

  /** Follows a connection, which knows the time of a cluster that has one of its own. */
  follow(source: () => number | undefined): void {
    this.#source = source;
  }
}
