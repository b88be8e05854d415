import type { Objects } from "../../api/objects.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { FaultObserver } from "../../chaos/observe-faults.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Random } from "../../lib/random.ts";
import { FaultWriter } from "../faults/fault-writer.ts";
import { startProcess } from "../faults/start-process.ts";
import { Timetable } from "../faults/timetable.ts";
import type { FaultProcess, FixedEvent, Scenario } from "../scenario/scenario.ts";

/** What faults and fixed events need of a run. */
export interface HappeningContext {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly faults: FaultObserver;
  readonly notApplied: (event: FixedEvent, reason: string) => void;
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
    for (const [name, process] of named(this.#scenario.faults)) {
      const random = this.#context.random.stream(name);
      this.#stops.push(startProcess(process, { ...this.#context, random, writer: this.#writer }));
    }
  }

  stop(): void {
    this.#timetable.stop();
    for (const stop of this.#stops) stop();
  }
}

/**
 * Names the streams of chance of fault processes by what they are, not by where they stand: one more, wherever it is
 * put, changes nothing for the others. Of two that are alike the second is another one.
 */
function named(processes: readonly FaultProcess[]): readonly (readonly [string, FaultProcess])[] {
  const counts = new Map<string, number>();
  return processes.map((process) => {
    const content = JSON.stringify(process);
    const count = (counts.get(content) ?? 0) + 1;
    counts.set(content, count);
    return [count === 1 ? content : `${content}#${count}`, process];
  });
}
