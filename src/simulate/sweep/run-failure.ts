import type { Run } from "./runs.ts";

/** A run of a sweep could not be performed; no result of the others stands for it. */
export class RunFailure extends Error {
  readonly hint =
    "The other runs were stopped. Find a small scenario in which it fails, too: --shrink small.yaml";

  constructor({ strategy, seed }: Run, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Strategy ${strategy.name} with seed ${seed} could not be simulated: ${why}`, { cause });
    this.name = "RunFailure";
  }
}
