import type { ChaosEvent, ChaosHappening } from "../events.ts";
import { type ChaosInput, validateChaosOptions } from "../validate-options.ts";

/** A run's events written by hand: `at(t, ...)` for what happens at a moment. Only for tests. */
export class RunUnderTest {
  readonly events: ChaosEvent[] = [];
  readonly #reschedules: boolean;

  constructor(input: ChaosInput = {}, timing: { readonly reschedulesBarePods?: boolean } = {}) {
    const validated = validateChaosOptions(input);
    if (!validated.ok) throw new Error(JSON.stringify(validated.errors));
    const { options } = validated;
    this.#reschedules = timing.reschedulesBarePods ?? true;
    const profile = { profile: "fast", heartbeatMs: 1_000, graceMs: 4_000, checkMs: 1_000 };
    this.at(0, {
      type: "run-started",
      schemaVersion: 1,
      runId: "chaos-1",
      seed: "7",
      options,
      timing: { ...profile, reschedulesBarePods: this.#reschedules },
      strategy: "first-fit",
    });
  }

  at(t: number, ...happenings: readonly ChaosHappening[]): this {
    for (const happening of happenings) {
      this.events.push({ t, at: new Date(1_735_689_600_000 + t).toISOString(), ...happening });
    }
    return this;
  }

  node(name: string, cpu = 1_000): this {
    return this.at(this.now, {
      type: "node-added",
      node: name,
      ready: true,
      inScope: true,
      allocatable: { cpu, pods: 110 },
    });
  }

  /** A pod that runs on a node, or waits for one. */
  pod(name: string, uid: string, node?: string, cpu = 500): this {
    return this.at(this.now, {
      type: "pod-added",
      pod: `default/${name}`,
      uid,
      phase: node === undefined ? "Pending" : "Running",
      ...(node !== undefined && { node }),
      requests: { cpu, pods: 1 },
      rescheduled: this.#reschedules,
      ...(node === undefined && { unschedulable: true as const }),
    });
  }

  tick(t: number, tick: number, heldBack = 0): this {
    const counts = { candidates: 2, outOfReach: [], recoveries: 0, failures: 0, heldBack };
    return this.at(t, { type: "tick", tick, ...counts });
  }

  fail(t: number, id: string, node: string, fault = "node-crash", origin = "chaos-1"): this {
    const losesPods = fault === "node-crash";
    return this.at(t, { type: "fault-injected", id, node, fault, origin, losesPods });
  }

  get now(): number {
    return this.events.at(-1)?.t ?? 0;
  }
}
