import type { PodSpec } from "../api/kinds/pod.ts";
import { podRequestAmounts } from "../api/pod-demand.ts";
import type { Amounts } from "./events.ts";

/** What a pod takes of its node: what it requests as a whole (`podRequestAmounts`), and one place of `pods`. */
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
  return { ...podRequestAmounts(spec), pods: 1 };
}
