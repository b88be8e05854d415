import type { Run } from "./runs.ts";

const SMALLER = "Find a small scenario in which it fails, too: --shrink small.yaml";
const MORE_MEMORY = "Runs share the memory: give each more with --workers 1, or take fewer nodes and pods";

/** A run of a sweep could not be performed; no result of the others stands for it. */
export class RunFailure extends Error {
  readonly hint: string;

  constructor({ strategy, seed }: Run, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Strategy ${strategy.name} with seed ${seed} could not be simulated: ${why}`, { cause });
    this.name = "RunFailure";
    this.hint = `The other runs were stopped. ${isOutOfMemory(cause) ? MORE_MEMORY : SMALLER}`;
  }
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
}
