import { isAbsolute, resolve } from "node:path";
import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import type { CommandOption } from "../command.ts";
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
];

/** Values of `serverOptions`. */
export interface ServerInput {
  readonly port?: number;
  readonly store: "lmdb" | "memory";
  readonly dataDir?: string;
  readonly strategy?: string;
  readonly timing?: string;
  readonly seed?: string;
}
