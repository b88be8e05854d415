import type { Clock, Timer } from "../clock/clock.ts";
import type { ClusterState } from "./cache/cluster-state.ts";
import type { DecisionLog } from "./decision-log.ts";
import { type Diagnosis, diagnose } from "./diagnosis.ts";
import type { NodeChecks } from "./filters/node-checks.ts";
import type { PodInfo } from "./pod-info.ts";
import type { Preemptor } from "./preemption/preemptor.ts";
import type { PodClass, QueuedPod } from "./queue/pod-class.ts";
import type { Reporter } from "./reporter.ts";

/** What is said of a pod that waits is brought up to date this often at most. */
const REFRESH_MS = 1_000;

/** So many pods are told something new in one refresh. */
const REFRESHED = 200;

/**
 * Finds out why pods fit nowhere, and tells them. Asking every node is expensive, so it is done once per class of pods
 * and state of the cluster, at once for a pod that has not been told anything yet, else once a second at most.
 */
export class Refusals {
  readonly #state: ClusterState;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #decisions: DecisionLog;
  readonly #preemptor: Preemptor;
  readonly #checks: NodeChecks;
  /** Classes in which pods carry a message that may have become wrong. */
  readonly #stale = new Set<PodClass>();
  #timer: Timer | undefined;

  constructor(parts: {
    readonly state: ClusterState;
    readonly clock: Clock;
    readonly reporter: Reporter;
    readonly decisions: DecisionLog;
    readonly preemptor: Preemptor;
    readonly checks: NodeChecks;
  }) {
    this.#state = parts.state;
    this.#clock = parts.clock;
    this.#reporter = parts.reporter;
    this.#decisions = parts.decisions;
    this.#preemptor = parts.preemptor;
    this.#checks = parts.checks;
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** The first pod of the class was tried and fits nowhere. @returns true when every node was asked */
  refused(podClass: PodClass, strategy: string): boolean {
    podClass.failures++;
    podClass.lastTriedMs = this.#clock.now();
    podClass.lastStrategy = strategy;
    const isDue = this.#clock.monotonicMs() - podClass.diagnosedAtMs >= REFRESH_MS;
    if (!podClass.hasUnreported && !isDue) {
      this.#refreshSoon(podClass);
      return false;
    }
    const before = podClass.diagnosis;
    const { message } = this.diagnosisOf(podClass);
    for (const pod of podClass.unreported()) this.#tell(pod, message);
    if (before !== undefined && before.message !== message) this.#refreshSoon(podClass);
    return before !== podClass.diagnosis;
  }

  /** Why the pods of a class fit nowhere, as things stand. */
  diagnosisOf(podClass: PodClass): Diagnosis {
    const known = podClass.diagnosis;
    if (known?.generation === this.#state.generation) return known;
    const first = podClass.first();
    // A class whose last pod has left: what was known then is the last word.
    if (first === undefined) return known as Diagnosis;
    podClass.diagnosis = this.#diagnose(first.info);
    podClass.diagnosedAtMs = this.#clock.monotonicMs();
    return podClass.diagnosis;
  }

  #diagnose(info: PodInfo): Diagnosis {
    return this.#preemptor.seenBy(info, () => this.#ask(info));
  }

  #ask(info: PodInfo): Diagnosis {
    return diagnose(this.#state, info, this.#checks.of(info), () => this.#preemptor.opinion(info));
  }

  #tell(pod: QueuedPod, message: string): void {
    if (pod.reported === undefined) this.#decisions.waits(pod);
    pod.podClass.markReported(pod, message);
    this.#reporter.unschedulable(pod.info.pod, message, pod.info.nominatedNode);
  }

  #refreshSoon(podClass: PodClass): void {
    this.#stale.add(podClass);
    this.#timer ??= this.#clock.after(REFRESH_MS, () => this.#refresh());
  }

  #refresh(): void {
    this.#timer = undefined;
    let left = REFRESHED;
    for (const podClass of this.#stale) {
      if (left === 0) break;
      left = this.#refreshClass(podClass, left);
    }
    if (this.#stale.size > 0) this.#timer = this.#clock.after(REFRESH_MS, () => this.#refresh());
  }

  /** @returns how many pods may still be told something */
  #refreshClass(podClass: PodClass, limit: number): number {
    let left = limit;
    // A class that is about to be tried will hear what comes of it.
    if (podClass.parkedAtMs !== undefined) {
      const { message } = this.diagnosisOf(podClass);
      const others = podClass.toldOtherwise(message, left + 1);
      for (const pod of others) {
        if (left === 0) return 0;
        left--;
        this.#tell(pod, message);
      }
    }
    this.#stale.delete(podClass);
    return left;
  }
}
