import { Worker } from "node:worker_threads";
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
  return loadStrategyModule(source);
}

/**
 * Loads a module in a thread that can be ended, and resolves when that came to an end, well or not. Fails with
 * TimeLimitError when it does not: whoever loads it then would be stuck.
 */
export async function tryModule(url: string): Promise<void> {
  const worker = new Worker(TRIAL, { eval: true, workerData: url, execArgv: [], stdout: true, stderr: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const tooLong = () => reject(new TimeLimitError("Loading it", LOADING_MS));
      const timer = new RealClock().after(LOADING_MS, tooLong);
      const done = () => {
        timer.cancel();
        resolve();
      };
      worker.once("message", done);
      // It ends the process, or its thread could not be had: whoever loads it will see.
      worker.once("error", done);
      worker.once("exit", done);
    });
  } finally {
    await worker.terminate();
  }
}

function urlOf(source: string): string {
  return `data:text/javascript;base64,${Buffer.from(source, "utf8").toString("base64")}`;
}
