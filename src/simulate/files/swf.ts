import { FileFault } from "../../lib/file-fault.ts";

/** A job of a log in the standard workload format. */
export interface SwfJob {
  readonly id: string;
  /** From 1. */
  readonly line: number;
  /** Seconds since the log began. */
  readonly submitS: number;
  readonly runS: number;
  readonly processors: number;
}

/** Fields of a line, from 0. */
const FIELD = { id: 0, submit: 1, run: 3, processors: 4, requested: 7 } as const;
const FIELDS_AT_LEAST = 8;

/** True for a log in the standard workload format, by its name or its look: comments with `;`, lines of numbers. */
export function looksLikeSwf(file: string, text: string): boolean {
  if (/\.swf(\.gz)?$/i.test(file)) return true;
  const end = text.search(/^\s*[^;\s]/m);
  if (end < 0) return text.trimStart().startsWith(";");
  const line = text.slice(end, end + 500).split("\n")[0] as string;
  const cells = line.trim().split(/\s+/);
  return cells.length >= FIELDS_AT_LEAST && cells.every((cell) => !Number.isNaN(Number(cell)));
}

const SPACE = 32;

/** The first fields of a line, as many as are looked at: a log may have millions, and each of them 18. */
function firstCells(text: string, start: number, end: number): readonly string[] {
  const cells: string[] = [];
  let at = start;
  while (cells.length < FIELDS_AT_LEAST) {
    // Every control character counts as a space: tabs, and the carriage returns of another system.
    while (at < end && text.charCodeAt(at) <= SPACE) at++;
    if (at === end) break;
    const from = at;
    while (at < end && text.charCodeAt(at) > SPACE) at++;
    cells.push(text.slice(from, at));
  }
  return cells;
}

/**
 * Reads a log in the standard workload format (Parallel Workloads Archive): field 2 is the submit time, 4 the run time,
 * 5 the processors it got, 8 those it asked for, which count when field 5 is unknown. Jobs without run time or
 * processors are in the list; who replays it leaves them out.
 */
export function readSwf(file: string, text: string): readonly SwfJob[] {
  const jobs: SwfJob[] = [];
  const seen = new Map<string, number>();
  let lastS = Number.NEGATIVE_INFINITY;
  for (let line = 1, start = 0; start < text.length; line++) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const cells = firstCells(text, start, end);
    start = end + 1;
    const [id] = cells;
    if (id === undefined || id.startsWith(";")) continue;
    const fault = (problem: string) => new FileFault(file, line, undefined, problem);
    if (cells.length < FIELDS_AT_LEAST) throw fault(`has ${cells.length} fields, a job has 18`);
    const number = (field: keyof typeof FIELD) => {
      const value = Number(cells[FIELD[field]]);
      if (Number.isFinite(value)) return value;
      throw fault(`field ${FIELD[field] + 1} (${field}) "${cells[FIELD[field]]}" is not a number`);
    };
    if (!/^\d+$/.test(id)) throw fault(`field 1 (id) "${id}" is not a whole number`);
    const before = seen.get(id);
    if (before !== undefined) throw fault(`job ${id} is already on line ${before}`);
    seen.set(id, line);
    const submitS = number("submit");
    if (submitS < 0) throw fault(`field 2 (submit) is ${submitS}, before the log begins`);
    if (submitS < lastS) throw fault(`field 2 (submit) ${submitS} is before the job above (${lastS})`);
    lastS = submitS;
    const [got, requested] = [number("processors"), number("requested")];
    jobs.push({ id, line, submitS, runS: number("run"), processors: got > 0 ? got : requested });
  }
  return jobs;
}
