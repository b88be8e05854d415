import type { ChaosEvent } from "../../chaos/events.ts";
import { ReportReader } from "../../chaos/report/make-report.ts";
import type { ChaosReport } from "../../chaos/report/report.ts";
import { EventHash } from "../../recording/event-hash.ts";
import { RecordingSink } from "../replay/recording-sink.ts";

/** Lines are written in pieces of about this many characters. */
const PIECE = 65_536;

/**
 * What is made of the events of a run in virtual time while they come: digest, report and files. The events themselves
 * are not kept, so that a run may be as long as one likes.
 */
export class VirtualRunLog {
  readonly #hash = new EventHash();
  readonly #sinks: readonly RecordingSink[];
  #reader: ReportReader | undefined;
  #pending = "";
  #failure: unknown;

  /** @param files that get all events, one JSON object a line; fails with CommandError when one cannot be written */
  constructor(files: readonly (string | undefined)[]) {
    this.#sinks = files.flatMap((file) => (file === undefined ? [] : [new RecordingSink(file)]));
  }

  get events(): number {
    return this.#hash.count;
  }

  get sha256(): string {
    return this.#hash.digest();
  }

  /** Takes the next event; it is called in the midst of the run and never throws. @returns false: the run is to end */
  add(event: ChaosEvent): boolean {
    if (event.type === "run-started") this.#reader = new ReportReader(event);
    this.#reader?.see(event);
    const line = JSON.stringify(event);
    this.#hash.addLine(line);
    if (this.#sinks.length > 0 && this.#failure === undefined) this.#keep(line);
    return this.#failure === undefined;
  }

  /** The run is over. Fails with CommandError when a file could not be written to its end. */
  end(): void {
    if (this.#failure === undefined) this.#flush();
    for (const sink of this.#sinks) sink.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Of all events; none may follow. */
  report(): ChaosReport {
    if (this.#reader === undefined) throw new Error("the run has not begun");
    return this.#reader.report();
  }

  #keep(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#pending.length >= PIECE) this.#flush();
  }

  #flush(): void {
    try {
      for (const sink of this.#sinks) sink.write(this.#pending);
      this.#pending = "";
    } catch (error) {
      this.#failure = error;
    }
  }
}
