/** A line of a log. */
export interface LogLine {
  /** Ms since the epoch. */
  readonly atMs: number;
  readonly text: string;
}

/** What a container says in one run: any line follows from its number alone. */
export interface Log {
  /** The number of the first line that is still kept at a moment. */
  firstKept(nowMs: number): number;
  /** How many lines have been written up to a moment. */
  count(nowMs: number): number;
  /** The line of a number from 0, due or not; undefined beyond the end of a run that has ended. */
  line(index: number): LogLine | undefined;
  /** The number of the first line of a moment or later. */
  indexAt(sinceMs: number, nowMs: number): number;
}
