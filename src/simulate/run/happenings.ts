import type { Objects } from "../../api/objects.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { FaultObserver } from "../../chaos/observe-faults.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Random } from "../../lib/random.ts";
import { FaultWriter } from "../faults/fault-writer.ts";
import { startProcess } from "../faults/registry.ts";
import { Timetable } from "../faults/timetable.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** What faults and fixed events need of a run. */
export interface HappeningContext {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly faults: FaultObserver;
  readonly onError: (error: unknown) => void;
}

/** All that a scenario does to its nodes: by chance, and at fixed times. */
export class Happenings {
  readonly #scenario: Scenario;
  readonly #context: HappeningContext;
  readonly #writer: FaultWriter;
  readonly #timetable: Timetable;
  readonly #stops: (() => void)[] = [];

  constructor(scenario: Scenario, context: HappeningContext) {
    this.#scenario = scenario;
    this.#context = context;
    this.#writer = new FaultWriter(context);
    this.#timetable = new Timetable(scenario.events, { ...context, writer: this.#writer });
  }

  /** True when no fixed event is to come; chance never ends. */
  get isDone(): boolean {
    return this.#timetable.isDone;
  }

  start(): void {
    this.#timetable.start();
    for (const [index, process] of this.#scenario.faults.entries()) {
      const random = this.#context.random.stream(`${index}/${process.fault}`);
      this.#stops.push(startProcess(process, { ...this.#context, random, writer: this.#writer }));
    }
  }

  stop(): void {
    this.#timetable.stop();
    for (const stop of this.#stops) stop();
  }
}
