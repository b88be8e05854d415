import type { Container, PodSpec } from "./kinds/pod.ts";
import { resourceAmount } from "./quantity.ts";

/** Amounts by resource: cpu in milli, everything else in base units (see `resourceAmount`). */
type Amounts = Record<string, number>;

/** What a pod requests as a whole. */
export function podRequestAmounts(spec: PodSpec): Amounts {
  return podDemand(spec, ({ resources }) => amountsOf(resources?.requests));
}

/** What a pod may use as a whole; only resources of which a container has a limit are in it. */
export function podLimitAmounts({ overhead = {}, ...spec }: PodSpec): Amounts {
  const limits = podDemand(spec, ({ resources }) => amountsOf(resources?.limits));
  const extra = amountsOf(overhead);
  for (const name of Object.keys(limits)) limits[name] = (limits[name] as number) + (extra[name] ?? 0);
  return limits;
}

/**
 * Sum of the containers, or what its init containers need while they run, whichever is more, plus overhead.
 * Restartable init containers (sidecars) go on running: they count with the containers and with the init containers
 * after them (k8s.io/component-helpers/resource, PodRequests).
 */
export function podDemand(
  spec: PodSpec,
  amountsOfContainer: (container: Container) => Readonly<Amounts>,
): Amounts {
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
      const together = { ...amounts };
      add(together, sidecars);
      raise(starting, together);
    }
  }
  raise(running, starting);
  add(running, amountsOf(spec.overhead));
  return running;
}

/** `__proto__` and the like are no resources: validation keeps them out, and they would not count here. */
export function amountsOf(quantities: Readonly<Record<string, string>> | undefined): Amounts {
  const amounts: Amounts = {};
  if (quantities === undefined) return amounts;
  for (const name of Object.keys(quantities)) {
    if (name in Object.prototype) continue;
    amounts[name] = Math.max(0, resourceAmount(name, quantities[name] as string));
  }
  return amounts;
}

function add(sum: Amounts, amounts: Readonly<Amounts>): void {
  for (const name of Object.keys(amounts)) sum[name] = (sum[name] ?? 0) + (amounts[name] as number);
}

function raise(most: Amounts, amounts: Readonly<Amounts>): void {
  for (const name of Object.keys(amounts)) most[name] = Math.max(most[name] ?? 0, amounts[name] as number);
}
