import type { ChaosEvent } from "../chaos/events.ts";

/*
 * A recording is a file of JSON lines: a header, what the cluster was and was given, the events of its run (the lines
 * of run.jsonl, byte for byte), and a last line by which a file that was cut off is told.
 */

/** Of the format; a reader refuses others. */
export const RECORDING_VERSION = 2;

/** The first line. */
export interface RecordingHeader {
  readonly recording: "header";
  readonly version: number;
  /** Version of the kubesim that recorded. */
  readonly kubesim: string;
  readonly source: "simulate" | "live";
  readonly seed: string;
  /** Name of the strategy at the start. */
  readonly strategy: string;
  /** RFC 3339. */
  readonly startTime: string;
  /** `simulate`: the scenario with its defaults, but for what its files say: those are lines of their own. */
  readonly scenario?: unknown;
  /** `simulate`: the text of a strategy of the user's own. */
  readonly strategySource?: string;
  /** `live`: what a cluster of the same life needs to go on from here. */
  readonly live?: LiveStart;
}

/** Where a live cluster stood when its recording began. */
export interface LiveStart {
  /** Of the store. */
  readonly revision: number;
  /** Name of the cluster's root stream of chance below its seed. */
  readonly chance: string;
  /** Monotonic ms of the cluster's process; the `t` of inputs and events counts from here. */
  readonly monotonicMs: number;
  readonly timeMs: number;
}

/** `simulate`: a node that is there from the start. */
export interface NodeLine {
  readonly recording: "node";
  readonly draft: unknown;
}

/** `simulate`: what comes from a file of the workload. */
export interface ArrivalLine {
  readonly recording: "arrival";
  readonly id: string;
  readonly atMs: number;
  readonly draft: unknown;
}

/** `live`: an object that was there at the start, as stored. */
export interface ObjectLine {
  readonly recording: "object";
  readonly key: string;
  readonly revision: number;
  readonly value: unknown;
}

/** `live`: something was done to the cluster from outside. */
export interface InputLine {
  readonly recording: "input";
  /** Ms since the recording began, with fractions. */
  readonly t: number;
  /** The store's revision that it made: the order of all inputs. */
  readonly revision: number;
  /** So many events had been seen before it took effect. */
  readonly afterEvents: number;
  readonly verb: "create" | "change" | "delete" | "act";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  /** create: the draft. change: a merge patch. act: what was posted. */
  readonly body?: unknown;
  readonly subresource?: string;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
}

/** `live`: a scheduler begins; what it sees are the objects of the lines so far. */
export interface SchedulerLine {
  readonly recording: "scheduler";
  /** Monotonic ms of the cluster's process, as everywhere in what concerns the scheduler. */
  readonly at: number;
  /** Name of its stream of chance below the cluster's root stream. */
  readonly chance: string;
}

/** `live`: the scheduler is told of changes, all of them at once. */
export interface ChangesLine {
  readonly recording: "changes";
  readonly changes: readonly ObjectChange[];
}

/** An object that is new (`value`), another than before (`set`, `unset`) or gone (none of these). */
export interface ObjectChange {
  readonly key: string;
  readonly value?: unknown;
  /** Fields with their new values, by paths of one name or two: `status`, `spec.nodeName`. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
}

/** `live`: a timer of the scheduler ran. */
export interface TurnLine {
  readonly recording: "turn";
  readonly at: number;
  /** Counted in the order in which they were set; absent: its scheduling pass. */
  readonly timer?: number;
}

/** `live`: the scheduler decided: it binds a pod. */
export interface BindingLine {
  readonly recording: "binding";
  /** `namespace/name`. */
  readonly pod: string;
  readonly node: string;
}

/** `live`: the scheduler heard what became of a call. */
export interface AnswerLine {
  readonly recording: "answer";
  readonly at: number;
  /** Verb, resource and `namespace/name`. */
  readonly call: string;
  /** The object, where the scheduler looks at what it says. */
  readonly value?: unknown;
  /** Why it was refused. */
  readonly reason?: string;
}

/** The last line. */
export interface EndLine {
  readonly recording: "end";
  /** Ms since the start. */
  readonly t: number;
  readonly events: number;
  /** Of the events' lines, in hex. */
  readonly sha256: string;
}

/** `live`: what the scheduler met with and did, in order. */
export type SchedulerLifeLine = SchedulerLine | ChangesLine | TurnLine | BindingLine | AnswerLine;

/** Any line that is no event. */
export type OwnLine =
  | RecordingHeader
  | NodeLine
  | ArrivalLine
  | ObjectLine
  | InputLine
  | SchedulerLifeLine
  | EndLine;

/** Any line. Only lines of the recording's own have the field `recording`. */
export type RecordingLine = OwnLine | ChaosEvent;

/** True for an event of the run. */
export function isEvent(line: RecordingLine): line is ChaosEvent {
  return !("recording" in line);
}
