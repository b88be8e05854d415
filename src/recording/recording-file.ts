import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { FileFault } from "../lib/file-fault.ts";
import { whyUnreadable } from "../lib/file-problem.ts";
import {
  type EndLine,
  isEvent,
  RECORDING_VERSION,
  type RecordingHeader,
  type RecordingLine,
} from "./line.ts";
import { LineReader, type TextLine } from "./line-reader.ts";

/** The last lines are looked for in so many bytes at the end of the file. */
const TAIL = 1_048_576;

const NO_RECORDING_HINT =
  "Give a file that was written by: kubesim simulate --record, kubesim record, or kubesim chaos --record";

/** A line with the place where it stands. */
export interface PlacedLine {
  readonly line: RecordingLine;
  readonly place: TextLine;
}

/** A recording on disk. Opening reads its first and its last lines only. */
export class RecordingFile {
  readonly name: string;
  /** Absent for the log of a chaos run, which begins with its first event. */
  readonly header: RecordingHeader | undefined;
  /** Absent when the file was cut off. */
  readonly end: EndLine | undefined;
  /** False: it was cut off, or is still being written. */
  readonly isComplete: boolean;
  /** Ms from the start to the last thing that can be read. */
  readonly durationMs: number;
  readonly #file: number;

  /** Fails with FileFault when it is no recording that this kubesim can read. */
  constructor(name: string) {
    this.name = name;
    this.#file = open(name);
    try {
      this.header = this.#readHeader();
      const last = this.#lastLines();
      this.end = last.end;
      this.isComplete = last.end !== undefined || (this.header === undefined && last.isRunEnded);
      this.durationMs = last.t;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A reader from a place on; from the beginning unless told otherwise. */
  reader(from: { readonly offset: number; readonly number: number } = { offset: 0, number: 1 }): LineReader {
    return new LineReader(this.#file, from.offset, from.number);
  }

  /** Every line from the reader's place on. Fails with FileFault at one that is damaged. */
  *lines(reader: LineReader = this.reader()): Generator<PlacedLine, void, undefined> {
    for (let place = reader.next(); place !== undefined; place = reader.next()) {
      yield { line: this.parse(place), place };
    }
  }

  /** Reads one line. Fails with FileFault. */
  parse(place: TextLine): RecordingLine {
    const line = parsed(place.text);
    if (isLine(line)) return line;
    throw this.fault(
      place.number,
      "is no line of a recording",
      "What stands before it can be seen with --at",
    );
  }

  fault(line: number | undefined, problem: string, hint?: string): FileFault {
    return new FileFault(this.name, line, undefined, problem, hint);
  }

  #readHeader(): RecordingHeader | undefined {
    const first = this.reader().next();
    const line = first === undefined ? undefined : parsed(first.text);
    if (!isLine(line)) throw this.fault(1, "is no recording", NO_RECORDING_HINT);
    if (isEvent(line)) {
      if (line.type === "run-started") return undefined;
      throw this.fault(
        1,
        'is no recording: it must begin with its header, or with "run-started"',
        NO_RECORDING_HINT,
      );
    }
    if (line.recording !== "header") throw this.fault(1, "is no recording's header", NO_RECORDING_HINT);
    if (line.version === RECORDING_VERSION) return line;
    const problem = `has version ${line.version} of the format, this kubesim reads ${RECORDING_VERSION}`;
    throw this.fault(1, problem, `It was written by kubesim ${line.kubesim}; replay it with that one`);
  }

  #lastLines(): { readonly t: number; readonly end: EndLine | undefined; readonly isRunEnded: boolean } {
    const { size } = fstatSync(this.#file);
    const from = Math.max(0, size - TAIL);
    const tail = Buffer.alloc(size - from);
    readSync(this.#file, tail, 0, tail.length, from);
    const lines = tail.toString("utf8").split("\n").slice(0, -1).reverse();
    const last = parsed(lines[0] ?? "");
    const isRunEnded = isLine(last) && isEvent(last) && last.type === "run-ended";
    const end = isLine(last) && !isEvent(last) && last.recording === "end" ? last : undefined;
    for (const text of lines) {
      const line = parsed(text);
      if (isLine(line) && "t" in line) return { t: line.t, end, isRunEnded };
    }
    return { t: 0, end, isRunEnded };
  }
}

/** True for an event or a line of a recording's own; what is in it is taken as it stands. */
function isLine(value: unknown): value is RecordingLine {
  if (typeof value !== "object" || value === null) return false;
  const { recording, t, type } = value as { recording?: unknown; t?: unknown; type?: unknown };
  return typeof recording === "string" || (typeof t === "number" && typeof type === "string");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function open(name: string): number {
  try {
    const file = openSync(name, "r");
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (error) {
    const problem = `could not be read: ${whyUnreadable(error)}`;
    throw new FileFault(name, undefined, undefined, problem, "Check its name");
  }
  throw new FileFault(name, undefined, undefined, "is no file", NO_RECORDING_HINT);
}
