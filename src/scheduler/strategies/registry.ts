import type { Strategy } from "../strategy.ts";
import { bestFit } from "./best-fit.ts";
import { dotProduct } from "./dot-product.ts";
import { fgd } from "./fgd.ts";
import { firstFit } from "./first-fit.ts";
import { gpuPacking } from "./gpu-packing.ts";
import { kubernetes } from "./kubernetes.ts";
import { leastRequested } from "./least-requested.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";
import { spread } from "./spread.ts";
import { worstFit } from "./worst-fit.ts";

/** Every strategy that comes with kubesim, the default first. */
export const STRATEGIES: readonly Strategy[] = [
  firstFit,
  bestFit,
  worstFit,
  kubernetes,
  roundRobin,
  random,
  spread,
  leastRequested,
  gpuPacking,
  dotProduct,
  fgd,
];

/** The strategy of this name that comes with kubesim. */
export function findStrategy(name: string): Strategy | undefined {
  return STRATEGIES.find((strategy) => strategy.name === name);
}
