import { isAbsolute, resolve } from "node:path";
import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import { RealClock } from "../../clock/real.ts";
import type { CommandOption } from "../command.ts";
import { UsageError } from "../errors.ts";
import { wholeNumber } from "../values.ts";

/** What `server start` and `server run` have in common. */
export const serverOptions: readonly CommandOption[] = [
  {
    flags: "--port <number>",
    summary: "Port to listen on (default: the last one if it is free, else any)",
    parse: wholeNumber(0, 65_535),
  },
  {
    flags: "--store <kind>",
    summary: "Where objects are kept: lmdb survives everything, memory nothing",
    choices: ["lmdb", "memory"],
    default: "lmdb",
  },
  {
    flags: "--data-dir <path>",
    summary: "Directory for lmdb's files (default: in the state directory)",
    parse: (text) => (isAbsolute(text) ? text : resolve(text)),
  },
  { flags: "--strategy <name>", summary: "Strategy of a new cluster" },
  {
    flags: "--timing <profile>",
    summary: "Timing profile of a new cluster",
    choices: Object.keys(TIMING_PROFILES),
  },
  { flags: "--seed <text>", summary: "Seed of everything random in a new cluster" },
  { flags: "--virtual", summary: "Hold the cluster's time: it moves when kubesim clock says so" },
  {
    flags: "--start-time <time>",
    summary: "Where virtual time begins: 2025-01-01T00:00:00Z (default), or now",
    parse: startTime,
  },
];

/** Values of `serverOptions`. */
export interface ServerInput {
  readonly port?: number;
  readonly store: "lmdb" | "memory";
  readonly dataDir?: string;
  readonly strategy?: string;
  readonly timing?: string;
  readonly seed?: string;
  readonly virtual?: boolean;
  /** Ms since the epoch. */
  readonly startTime?: number;
}

/** What the options say about virtual time; undefined: none is asked for. Fails with UsageError. */
export function virtualOf({ virtual, startTime: startMs }: ServerInput): { startMs?: number } | undefined {
  if (virtual === true) return startMs === undefined ? {} : { startMs };
  if (startMs === undefined) return undefined;
  throw new UsageError("--start-time is about virtual time", "Give --virtual, too");
}

function startTime(text: string): number {
  if (text === "now") return new RealClock().now();
  const startMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(startMs)) return startMs;
  throw new UsageError("is not a time", "Write it like 2025-01-01T00:00:00Z, or now");
}
