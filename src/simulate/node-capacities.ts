import type { PodSpec } from "../api/kinds/pod.ts";
import { podRequestAmounts } from "../api/pod-demand.ts";
import { formatResource, resourceAmount } from "../api/quantity.ts";
import type { Arrival } from "./prepared.ts";
import { draftOf } from "./sources/pod-of.ts";

/** The resources by which pods can be too large for every node. */
const RESOURCES = ["cpu", "memory"] as const;

type Capacity = Readonly<Record<(typeof RESOURCES)[number], number>>;

/** What a pod of a workload file asks for that no node has. */
export interface Oversized {
  readonly line: number | undefined;
  readonly problem: string;
}

/** What the nodes of a scenario have when they are empty: one entry for each kind of node. */
export class NodeCapacities {
  readonly #capacities: readonly Capacity[];
  readonly #most: Capacity;

  /** @param nodes capacities, as quantities */
  constructor(nodes: readonly Readonly<Record<string, string>>[]) {
    const kinds = new Map<string, Capacity>();
    for (const { cpu = "0", memory = "0" } of nodes) {
      const key = `${cpu} ${memory}`;
      if (kinds.has(key)) continue;
      kinds.set(key, { cpu: resourceAmount("cpu", cpu), memory: resourceAmount("memory", memory) });
    }
    this.#capacities = [...kinds.values()];
    const most = (name: (typeof RESOURCES)[number]) =>
      Math.max(0, ...this.#capacities.map((capacity) => capacity[name]));
    this.#most = { cpu: most("cpu"), memory: most("memory") };
  }

  /** Why no node can ever take a pod, whatever else runs; undefined when one can. */
  refusal(name: string, requests: Readonly<Record<string, number>>): string | undefined {
    const asked = { cpu: requests.cpu ?? 0, memory: requests.memory ?? 0 };
    if (this.#capacities.some((capacity) => RESOURCES.every((each) => asked[each] <= capacity[each])))
      return undefined;
    const words = (each: (typeof RESOURCES)[number]) => formatResource(each, asked[each]);
    const short = RESOURCES.find((each) => asked[each] > this.#most[each]);
    if (short === undefined)
      return `${name} asks for cpu ${words("cpu")} and memory ${words("memory")}, and no node has both`;
    const most = formatResource(short, this.#most[short]);
    return `${short} of ${name} is ${words(short)}, more than any node has (${most})`;
  }

  /** The pods, and workloads by their templates, that fit on no node. */
  oversized(arrivals: readonly Arrival[]): readonly Oversized[] {
    return arrivals.flatMap((arrival) => {
      const { id, line } = arrival;
      const draft = draftOf(arrival);
      const { spec: any } = draft as { readonly spec?: SpecOfAny };
      const spec = podSpecOf(any, draft.kind === "Pod");
      const problem = spec === undefined ? undefined : this.refusal(id, podRequestAmounts(spec));
      return problem === undefined ? [] : [{ line, problem }];
    });
  }
}

interface SpecOfAny {
  readonly template?: { readonly spec?: PodSpec };
  readonly jobTemplate?: { readonly spec?: SpecOfAny };
}

function podSpecOf(spec: SpecOfAny | undefined, isPod: boolean): PodSpec | undefined {
  if (isPod) return spec as PodSpec | undefined;
  return spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec;
}
