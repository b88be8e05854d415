import type { Pod } from "../../api/kinds/pod.ts";
import { podRequestAmounts } from "../../api/pod-demand.ts";
import type { Arrival } from "../prepared.ts";
import { draftOf } from "../sources/pod-of.ts";

/** CPU in milli, memory in bytes. */
export interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/** The pod in the middle, resource by resource; of many, some thousand are looked at. */
export function medianPod(arrivals: readonly Arrival[]): Size {
  const step = Math.max(1, Math.floor(arrivals.length / 5_000));
  const sizes = arrivals.flatMap((arrival, index) => (index % step === 0 ? (sizeOf(arrival) ?? []) : []));
  return { cpu: median(sizes.map(({ cpu }) => cpu)), memory: median(sizes.map(({ memory }) => memory)) };
}

/** What an arriving pod asks for; undefined for what is no pod. */
function sizeOf(arrival: Arrival): Size | undefined {
  const draft = draftOf(arrival);
  if (draft.kind !== "Pod") return undefined;
  const { cpu = 0, memory = 0 } = podRequestAmounts((draft as unknown as Pod).spec);
  return { cpu, memory };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
