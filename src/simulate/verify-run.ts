import { EventHash } from "../recording/event-hash.ts";
import { isEvent } from "../recording/line.ts";
import type { LineReader, TextLine } from "../recording/line-reader.ts";
import type { RecordingFile } from "../recording/recording-file.ts";
import { runOfRecording } from "./record-run.ts";
import { runScenario } from "./run-scenario.ts";

/** What came of running a recorded simulation again. */
export interface Verification {
  /** Events that were the same, byte for byte. */
  readonly equal: number;
  /** The first that was not; absent when all were the same. */
  readonly difference?: Difference;
  /** False: the recording's own digest is not that of its events, so somebody changed it. */
  readonly isUntouched: boolean;
}

/** Undefined: there was no such event. */
export interface Difference {
  readonly line: number;
  readonly recorded: string | undefined;
  readonly now: string | undefined;
}

/**
 * Runs a recorded simulation again, and compares its events with the recorded ones while they come. Of a recording that
 * was interrupted or cut off, what there is.
 */
export async function verifyRun(
  file: RecordingFile,
  signal: Pick<AbortSignal, "aborted">,
): Promise<Verification> {
  const { prepared, run } = runOfRecording(file);
  const recorded = new RecordedEvents(file);
  let difference: Difference | undefined;
  const stop = {
    get aborted() {
      return difference !== undefined || recorded.isCutOff || signal.aborted;
    },
  };
  await runScenario(prepared, run.strategy, run.seed, stop, {
    onEvent(event) {
      if (stop.aborted) return;
      const now = JSON.stringify(event);
      const next = recorded.next();
      if (next?.text === now || recorded.isCutOff) return;
      difference = { line: next?.number ?? recorded.line, recorded: next?.text, now };
    },
  });
  const left = stop.aborted ? undefined : recorded.next();
  if (left !== undefined) difference = { line: left.number, recorded: left.text, now: undefined };
  const equal = recorded.count - (difference?.recorded === undefined ? 0 : 1);
  recorded.readOn();
  return { equal, ...(difference !== undefined && { difference }), isUntouched: recorded.isUntouched };
}

/** The events of a recording, one by one. */
class RecordedEvents {
  readonly #file: RecordingFile;
  readonly #reader: LineReader;
  readonly #hash = new EventHash();
  #isCutOff = false;
  #count = 0;

  constructor(file: RecordingFile) {
    this.#file = file;
    this.#reader = file.reader();
  }

  /** That were handed out. */
  get count(): number {
    return this.#count;
  }

  /** Number of the next line. */
  get line(): number {
    return this.#reader.number;
  }

  /** True when there would have been more: the recorded run, or its recording, was interrupted here. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  get isUntouched(): boolean {
    const { end } = this.#file;
    return end === undefined || (end.sha256 === this.#hash.digest() && end.events === this.#hash.count);
  }

  next(): TextLine | undefined {
    const place = this.#nextEvent();
    if (place === undefined) {
      this.#isCutOff = !this.#file.isComplete;
      return undefined;
    }
    const line = this.#file.parse(place);
    this.#isCutOff = isEvent(line) && line.type === "run-ended" && line.status === "interrupted";
    if (this.#isCutOff) return undefined;
    this.#count++;
    return place;
  }

  /** Reads to the end, for the digest. */
  readOn(): void {
    while (this.#nextEvent() !== undefined);
  }

  #nextEvent(): TextLine | undefined {
    for (let place = this.#reader.next(); place !== undefined; place = this.#reader.next()) {
      if (!isEvent(this.#file.parse(place))) continue;
      this.#hash.addLine(place.text);
      return place;
    }
    return undefined;
  }
}
