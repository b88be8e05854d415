import { deployment } from "./deployment.ts";
import { firstKubectlAnswer } from "./first-kubectl-answer.ts";
import { footprint } from "./footprint.ts";
import { fragmentation } from "./fragmentation.ts";
import { library } from "./library.ts";
import { lists } from "./lists.ts";
import { neighbours } from "./neighbours.ts";
import { overHttps } from "./over-https.ts";
import { placements } from "./placements.ts";
import { processes } from "./processes.ts";
import { protocols } from "./protocols.ts";
import { serverSideApply } from "./server-side-apply.ts";
import { simulations } from "./simulate.ts";
import { sweeps } from "./sweeps.ts";
import type { Benchmark } from "./table.ts";
import { watchFanOut } from "./watch-fan-out.ts";

/** Every benchmark, in the order they are run. */
export const BENCHMARKS: readonly Benchmark[] = [
  overHttps,
  deployment,
  lists,
  watchFanOut,
  protocols,
  placements,
  neighbours,
  processes,
  firstKubectlAnswer,
  library,
  serverSideApply,
  footprint,
  simulations,
  sweeps,
  fragmentation,
];
