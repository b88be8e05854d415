import type { Container, PodSpec } from "../api/kinds/pod.ts";
import { resourceAmount } from "../api/quantity.ts";
import type { Amounts } from "./events.ts";

/**
 * What a pod takes of its node, in scheduler units, and one place of `pods`: the sum over containers, or the
 * largest init container when that is more, plus overhead (k8s.io/component-helpers/resource PodRequests).
 */
export function podRequests(spec: PodSpec): Amounts {
  const asked = plainRequests(spec);
  if (asked === undefined) return requestsOf(spec);
  let requests = known.get(asked);
  if (requests === undefined) {
    if (known.size >= KNOWN) known.clear();
    requests = requestsOf(spec);
    known.set(asked, requests);
  }
  return requests;
}

/** So many sums are kept, by what the only container asks for as written: most pods ask for what others do. */
const KNOWN = 16_384;
const known = new Map<string, Amounts>();

/** What the only container of a pod asks for, as written; undefined for other pods. */
function plainRequests({ initContainers, overhead, containers }: PodSpec): string | undefined {
  const [only] = containers;
  if (only === undefined || containers.length > 1) return undefined;
  if (initContainers !== undefined || overhead !== undefined) return undefined;
  const requests = only.resources?.requests;
  let text = "";
  for (const name in requests) text += `|${name}=${requests[name]}`;
  return text;
}

function requestsOf(spec: PodSpec): Amounts {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const requests = sumOf([...spec.containers, ...sidecars]);
  for (const container of spec.initContainers ?? []) {
    for (const [resource, amount] of Object.entries(sumOf([container]))) {
      requests[resource] = Math.max(requests[resource] ?? 0, amount);
    }
  }
  for (const [resource, quantity] of Object.entries(spec.overhead ?? {})) {
    requests[resource] = (requests[resource] ?? 0) + resourceAmount(resource, quantity);
  }
  requests.pods = 1;
  return requests;
}

/** Quantities by resource as scheduler units. */
export function amountsOf(quantities: Readonly<Record<string, string>> | undefined): Amounts {
  const amounts: Record<string, number> = {};
  for (const [resource, quantity] of Object.entries(quantities ?? {})) {
    amounts[resource] = resourceAmount(resource, quantity);
  }
  return amounts;
}

function sumOf(containers: readonly Container[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { resources } of containers) {
    for (const [resource, amount] of Object.entries(amountsOf(resources?.requests))) {
      sum[resource] = (sum[resource] ?? 0) + amount;
    }
  }
  return sum;
}
