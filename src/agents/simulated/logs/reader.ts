import type { LogOptions, LogReader } from "../../../api/container-access.ts";
import type { Pod } from "../../../api/kinds/pod.ts";
import type { Clock, Timer } from "../../../clock/clock.ts";
import { CommandLog } from "./command-log.ts";
import { type ContainerRun, runToRead, sameRun } from "./container-run.ts";
import type { Log, LogLine } from "./log.ts";
import { LogScript } from "./script.ts";

/** What a reader needs to know of the machine. */
export interface LogSource {
  readonly clock: Clock;
  /** The pod as it is now; undefined once it is gone. */
  pod(): Pod | undefined;
  /** Calls back whenever the pod may have changed; the result ends that. */
  onChange(callback: () => void): () => void;
}

/** A piece is at least one line and not much longer than this. */
const PIECE_LENGTH = 32 * 1024;

/**
 * Reads the log of one run of a container. Following costs one timer, due when the next line is; under a clock that
 * stands still it waits for the clock to be moved. Fails with BadRequest when there is nothing to read.
 */
export class SimulatedLogReader implements LogReader {
  readonly #source: LogSource;
  readonly #options: LogOptions;
  #pod: Pod;
  #run: ContainerRun;
  #log: Log;
  #index: number;
  /** Where a log ends that is not followed: what comes while it is read is not read. */
  readonly #end: number;
  #bytesLeft: number;
  #isOver = false;
  #wake: (() => void) | undefined;
  #timer: Timer | undefined;
  readonly #unsubscribe: () => void;

  constructor(pod: Pod, container: string, options: LogOptions, source: LogSource) {
    this.#source = source;
    this.#options = options;
    this.#pod = pod;
    this.#run = runToRead(pod, container, options.previous);
    this.#log = logOf(pod, this.#run);
    this.#index = this.#firstIndex();
    this.#end = this.#log.count(source.clock.now());
    this.#bytesLeft = options.limitBytes ?? Infinity;
    this.#unsubscribe = options.follow ? source.onChange(() => this.#look()) : () => {};
  }

  async next(): Promise<string | undefined> {
    for (;;) {
      if (this.#isOver) return undefined;
      const piece = this.#piece();
      if (piece !== "") return piece;
      if (!this.#options.follow || this.#run.ending !== undefined || this.#source.pod() === undefined) {
        this.close();
        return undefined;
      }
      await this.#untilNextLine();
    }
  }

  close(): void {
    this.#isOver = true;
    this.#unsubscribe();
    this.#rouse();
  }

  #firstIndex(): number {
    const { tailLines, sinceMs } = this.#options;
    const now = this.#source.clock.now();
    const kept = this.#log.firstKept(now);
    const since = sinceMs === undefined ? kept : this.#log.indexAt(sinceMs, now);
    const tail = tailLines === undefined ? kept : this.#log.count(now) - tailLines;
    return Math.max(kept, since, tail);
  }

  /** Lines that are due, as one text; "" when there are none. */
  #piece(): string {
    const due = this.#options.follow ? this.#log.count(this.#source.clock.now()) : this.#end;
    let text = "";
    while (this.#index < due && text.length < PIECE_LENGTH) {
      const line = this.#log.line(this.#index);
      if (line === undefined) break;
      this.#index++;
      text += this.#options.timestamps ? `${nanoTime(line)} ${line.text}\n` : `${line.text}\n`;
    }
    return this.#bytesLeft === Infinity ? text : this.#limited(text);
  }

  #limited(text: string): string {
    const bytes = Buffer.from(text);
    const taken = bytes.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= taken.length;
    if (this.#bytesLeft === 0) this.close();
    return taken.toString("utf8");
  }

  async #untilNextLine(): Promise<void> {
    const { clock } = this.#source;
    const dueMs = this.#log.line(this.#index)?.atMs;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (dueMs === undefined) return;
      this.#timer = clock.after(Math.max(1, dueMs - clock.now()), () => this.#rouse());
    });
  }

  /** The pod has changed: perhaps the run has ended. */
  #look(): void {
    const pod = this.#source.pod();
    const run = pod && sameRun(pod, this.#run);
    if (pod === undefined || run === undefined) {
      const finishedMs = Math.max(this.#run.startedMs, this.#source.clock.now());
      this.#become(this.#pod, { ...this.#run, ending: { finishedMs, exitCode: 143 } });
    } else if (run.ending !== this.#run.ending) {
      this.#become(pod, run);
    }
  }

  /** What was read stays read: the lines before the end of a run are the same with and without that end. */
  #become(pod: Pod, run: ContainerRun): void {
    if (this.#run.ending !== undefined) return;
    this.#pod = pod;
    this.#run = run;
    this.#log = logOf(pod, run);
    this.#index = Math.min(this.#index, this.#log.count(this.#source.clock.now()));
    this.#rouse();
  }

  #rouse(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function logOf(pod: Pod, run: ContainerRun): Log {
  return CommandLog.of(pod, run) ?? new LogScript(pod, run);
}

/** RFC 3339 with nine digits of the second, as a kubelet writes it. */
function nanoTime({ atMs }: LogLine): string {
  return new Date(atMs).toISOString().replace("Z", "000000Z");
}
