import type { Container, PodSpec } from "../api/kinds/pod.ts";
import { resourceAmount } from "../api/quantity.ts";
import type { NonZeroAmounts } from "./strategy.ts";

/** What a container that asks for no cpu or memory counts as in scores: 100m and 200Mi. */
const NON_ZERO_DEFAULT: NonZeroAmounts = { cpu: 100, memory: 200 * 2 ** 20 };

type Amounts = Record<string, number>;

/** What a pod asks for, in scheduler units: exact, and with the least that counts in scores. */
export interface PodRequests {
  readonly requests: Readonly<Amounts>;
  readonly nonZeroRequests: NonZeroAmounts;
}

/**
 * Sum of the containers, or what its init containers need while they run, whichever is more, plus overhead.
 * Restartable init containers (sidecars) go on running: they count with the containers and with the init containers
 * after them (k8s.io/component-helpers/resource, PodRequests).
 */
export function podRequests(spec: PodSpec): PodRequests {
  const requests = demand(spec, (container) => amountsOf(container.resources?.requests));
  const { cpu = 0, memory = 0 } = demand(spec, (container) => ({
    ...NON_ZERO_DEFAULT,
    ...amountsOf(container.resources?.requests),
  }));
  return { requests, nonZeroRequests: { cpu, memory } };
}

function demand(spec: PodSpec, amountsOfContainer: (container: Container) => Amounts): Amounts {
  const running: Amounts = {};
  const sidecars: Amounts = {};
  const starting: Amounts = {};
  for (const container of spec.containers) add(running, amountsOfContainer(container));
  for (const container of spec.initContainers ?? []) {
    const amounts = amountsOfContainer(container);
    if (container.restartPolicy === "Always") {
      add(running, amounts);
      add(sidecars, amounts);
      raise(starting, sidecars);
    } else {
      add(amounts, sidecars);
      raise(starting, amounts);
    }
  }
  raise(running, starting);
  add(running, amountsOf(spec.overhead));
  return running;
}

/** `__proto__` and the like are no resources: validation keeps them out, and they would not count here. */
function amountsOf(quantities: Readonly<Record<string, string>> | undefined): Amounts {
  const amounts: Amounts = {};
  if (quantities === undefined) return amounts;
  for (const name of Object.keys(quantities)) {
    if (name in Object.prototype) continue;
    amounts[name] = Math.max(0, resourceAmount(name, quantities[name] as string));
  }
  return amounts;
}

function add(sum: Amounts, amounts: Amounts): void {
  for (const name of Object.keys(amounts)) sum[name] = (sum[name] ?? 0) + (amounts[name] as number);
}

function raise(most: Amounts, amounts: Amounts): void {
  for (const name of Object.keys(amounts)) most[name] = Math.max(most[name] ?? 0, amounts[name] as number);
}
