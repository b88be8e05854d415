import { type Lease, renewalPeriodMs } from "../../api/kinds/lease.ts";
import type { TimingProfile } from "../../api/timing-profiles.ts";
import type { Clock } from "../../clock/clock.ts";
import { Heap } from "../../lib/heap.ts";
import { Alarm } from "../alarm.ts";

interface Tracked {
  readonly nodeName: string;
  /** When the node last gave a sign of life, on this process's own monotonic clock. */
  seenMs: number;
  /** The period of a Lease that renews itself, see api/kinds/lease.ts: while it is set nothing needs checking. */
  renewsEveryMs: number | undefined;
  /** False until the kubelet has posted for the first time; it gets more patience until then. */
  hasPosted: boolean;
  isLost: boolean;
  /** The check that is due for it; undefined: none. */
  checkAtMs: number | undefined;
}

interface Check {
  readonly tracked: Tracked;
  readonly atMs: number;
}

/**
 * Who has been silent for too long. Signs of life are Lease renewals and the kubelet's own posts, and their age is
 * measured by the monotonic clock of this process at the moment they are seen, so that no jump of a wall clock and no
 * other machine's clock can make a node look dead. Silence is noticed at multiples of the profile's check period by
 * that clock: who goes on from a cluster's state on a clock that shows the same notices at the same instants.
 */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #profile: () => TimingProfile;
  readonly #onLost: (nodeName: string) => void;
  readonly #tracked = new Map<string, Tracked>();
  readonly #checks = new Heap<Check>((a, b) => a.atMs < b.atMs);
  readonly #alarm: Alarm;

  constructor(clock: Clock, profile: () => TimingProfile, onLost: (nodeName: string) => void) {
    this.#clock = clock;
    this.#profile = profile;
    this.#onLost = onLost;
    this.#alarm = new Alarm(clock, (atMs) => this.check(atMs));
  }

  /** The first check after now, on the grid that silence is noticed on (monotonic ms). */
  nextCheckMs(): number {
    return this.#firstCheckAfter(this.#clock.monotonicMs());
  }

  /** Begins to watch a node; seeing it for the first time counts as a sign of life. */
  track(nodeName: string, hasPosted: boolean, lease: Lease | undefined): void {
    const tracked: Tracked = {
      nodeName,
      seenMs: this.#clock.monotonicMs(),
      renewsEveryMs: lease && renewalPeriodMs(lease),
      hasPosted,
      isLost: false,
      checkAtMs: undefined,
    };
    this.#tracked.set(nodeName, tracked);
    this.#schedule(tracked);
  }

  forget(nodeName: string): void {
    this.#tracked.delete(nodeName);
  }

  isLost(nodeName: string): boolean {
    return this.#tracked.get(nodeName)?.isLost === true;
  }

  /** The kubelet has posted the node's status. */
  posted(nodeName: string): void {
    const tracked = this.#tracked.get(nodeName);
    if (tracked === undefined) return;
    tracked.hasPosted = true;
    this.#seen(tracked);
  }

  leaseChanged(before: Lease | undefined, after: Lease | undefined): void {
    const tracked = this.#tracked.get(((after ?? before) as Lease).metadata.name);
    if (tracked === undefined) return;
    const renewedEveryMs = tracked.renewsEveryMs;
    tracked.renewsEveryMs = after && renewalPeriodMs(after);
    if (tracked.renewsEveryMs !== undefined) this.#seen(tracked);
    else if (renewedEveryMs !== undefined) this.#stoppedRenewing(tracked, renewedEveryMs, after);
    else if (after !== undefined && before?.spec.renewTime !== after.spec.renewTime) this.#seen(tracked);
  }

  /** Gives every silent node its whole grace again. */
  reset(): void {
    for (const tracked of this.#tracked.values()) {
      if (!tracked.isLost) tracked.seenMs = this.#clock.monotonicMs();
    }
  }

  /** Follows a change of the timing profile. */
  followProfile(): void {
    for (const tracked of this.#tracked.values()) {
      tracked.checkAtMs = undefined;
      this.#schedule(tracked);
    }
  }

  /** Finds out who has been silent for too long at this instant; runs by itself, too. */
  check(nowMs: number): void {
    for (
      let check = this.#checks.peek();
      check !== undefined && check.atMs <= nowMs;
      check = this.#checks.peek()
    ) {
      this.#checks.pop();
      const { tracked, atMs } = check;
      if (tracked.checkAtMs !== atMs || this.#tracked.get(tracked.nodeName) !== tracked) continue;
      tracked.checkAtMs = undefined;
      if (tracked.renewsEveryMs !== undefined || tracked.isLost) continue;
      if (this.#lostAt(tracked) > nowMs) {
        this.#schedule(tracked);
        continue;
      }
      tracked.isLost = true;
      this.#onLost(tracked.nodeName);
    }
    this.#arm();
  }

  stop(): void {
    this.#alarm.cancel();
  }

  #seen(tracked: Tracked): void {
    tracked.seenMs = this.#clock.monotonicMs();
    tracked.isLost = false;
    this.#schedule(tracked);
  }

  /** The Lease now says when it was renewed last: less than a period ago, whatever the wall clocks say. */
  #stoppedRenewing(tracked: Tracked, periodMs: number, lease: Lease | undefined): void {
    const renewedMs = Date.parse(lease?.spec.renewTime ?? "");
    const ageMs = Number.isNaN(renewedMs) ? 0 : this.#clock.now() - renewedMs;
    tracked.seenMs = this.#clock.monotonicMs() - Math.min(Math.max(0, ageMs), periodMs);
    this.#schedule(tracked);
  }

  #schedule(tracked: Tracked): void {
    if (tracked.renewsEveryMs !== undefined || tracked.isLost) return;
    const atMs = this.#lostAt(tracked);
    // A check that comes earlier will look again; heartbeats that come all the time plan nothing new.
    if (tracked.checkAtMs !== undefined && tracked.checkAtMs <= atMs) return;
    tracked.checkAtMs = atMs;
    this.#checks.push({ tracked, atMs });
    this.#arm();
  }

  /** The first check at which the silence is longer than the grace. */
  #lostAt({ seenMs, hasPosted }: Tracked): number {
    const { graceMs, startupGraceMs } = this.#profile();
    return this.#firstCheckAfter(seenMs + (hasPosted ? graceMs : startupGraceMs));
  }

  #firstCheckAfter(atMs: number): number {
    const { checkMs } = this.#profile();
    return (Math.floor(atMs / checkMs) + 1) * checkMs;
  }

  #arm(): void {
    const next = this.#checks.peek();
    if (next !== undefined) this.#alarm.set(next.atMs);
  }
}
