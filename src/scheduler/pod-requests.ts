import type { PodSpec } from "../api/kinds/pod.ts";
import { amountsOf, podDemand, podRequestAmounts } from "../api/pod-demand.ts";
import type { NonZeroAmounts } from "./strategy.ts";

/** What a container that asks for no cpu or memory counts as in scores: 100m and 200Mi. */
const NON_ZERO_DEFAULT: NonZeroAmounts = { cpu: 100, memory: 200 * 2 ** 20 };

/** What a pod asks for, in scheduler units: exact, and with the least that counts in scores. */
export interface PodRequests {
  readonly requests: Readonly<Record<string, number>>;
  readonly nonZeroRequests: NonZeroAmounts;
}

/** What a pod asks for as a whole, and what it counts as in scores. */
export function podRequests(spec: PodSpec): PodRequests {
  const requests = podRequestAmounts(spec);
  const { cpu = 0, memory = 0 } = podDemand(spec, (container) => ({
    ...NON_ZERO_DEFAULT,
    ...amountsOf(container.resources?.requests),
  }));
  return { requests, nonZeroRequests: { cpu, memory } };
}
