import { Worker } from "node:worker_threads";
import type { Timer } from "../clock/clock.ts";
import { RealClock } from "../clock/real.ts";
import { importModule } from "../lib/import-module.ts";
import { TimeLimitError } from "../lib/time-limit.ts";

/** How long a module may take to be loaded, in real time. */
const LOADING_MS = 10_000;

/** Loads a module and says so, whether it could be loaded or not. */
const TRIAL = `
const { parentPort, workerData } = require("node:worker_threads");
const tried = () => parentPort.postMessage("tried");
import(workerData).then(tried, tried);
`;

/**
 * Turns the text of a user's strategy file (an ES module) into its default export. The module is loaded from the text
 * itself, so that it works over the wire and survives the file; it may import Node's modules but no files beside it.
 */
export async function loadStrategyModule(source: string): Promise<unknown> {
  return (await importModule(urlOf(source))).default;
}

/** As `loadStrategyModule`, for who must not stand still: fails with TimeLimitError for a module that does not end. */
export async function loadStrategyWithinTime(source: string): Promise<unknown> {
  await tryModule(urlOf(source));
  return inTime(loadStrategyModule(source));
}

/**
 * Loads a module in a thread that can be ended, and resolves when that came to an end, well or not. Fails when whoever
 * loads it would be stuck (TimeLimitError), or would end with it.
 */
export async function tryModule(url: string): Promise<void> {
  const worker = new Worker(TRIAL, { eval: true, workerData: url, execArgv: [], stdout: true, stderr: true });
  try {
    await inTime(
      new Promise<void>((resolve, reject) => {
        worker.once("message", () => resolve());
        worker.once("error", reject);
        worker.once("exit", (code) => reject(new Error(endOf(code))));
      }),
    );
  } finally {
    await worker.terminate();
  }
}

/** A thread that has nothing left to do ends by itself, with 0. */
function endOf(exitCode: number): string {
  return exitCode === 0
    ? "it awaits something that never comes, or ends the process that loads it"
    : `it ends the process that loads it (exit code ${exitCode})`;
}

/** Fails with TimeLimitError when loading takes too long. */
async function inTime<T>(loading: Promise<T>): Promise<T> {
  const clock = new RealClock();
  let timer: Timer | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = clock.after(LOADING_MS, () => reject(new TimeLimitError("Loading it", LOADING_MS)));
  });
  try {
    return await Promise.race([loading, tooLong]);
  } finally {
    timer?.cancel();
  }
}

function urlOf(source: string): string {
  return `data:text/javascript;base64,${Buffer.from(source, "utf8").toString("base64")}`;
}
