import type { Node } from "../../api/kinds/node.ts";
import { Label } from "../../api/well-known.ts";

/** Rates of kube-controller-manager, in nodes per second. */
const EVICTION_RATE = 0.1;
const SECONDARY_EVICTION_RATE = 0.01;
/** Zones up to this size stop evicting when they are partly lost; larger ones slow down. */
const LARGE_ZONE_SIZE = 50;
const UNHEALTHY_SHARE = 0.55;
const FEWEST_UNHEALTHY = 2;

/** How much of a zone is lost. */
export type ZoneState = "normal" | "partial" | "full";

/** Nodes of one zone, without those that are excluded from the count. */
export interface ZoneCount {
  readonly ready: number;
  readonly notReady: number;
}

/** The zone of a node: its region and zone labels. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {};
  return `${labels[Label.region] ?? ""}\n${labels[Label.zone] ?? ""}`;
}

/** Whether the node counts when its zone is judged. */
export function isCounted(node: Node): boolean {
  return node.metadata.labels?.[Label.excludeDisruption] === undefined;
}

/** The state of a zone with so many nodes ready and not. */
export function zoneState({ ready, notReady }: ZoneCount): ZoneState {
  if (ready === 0 && notReady > 0) return "full";
  if (notReady > FEWEST_UNHEALTHY && notReady / (ready + notReady) >= UNHEALTHY_SHARE) return "partial";
  return "normal";
}

/** Nodes per second that may be tainted in a zone of this state; 0 stops it. */
export function evictionRate(state: ZoneState, zoneSize: number): number {
  if (state !== "partial") return EVICTION_RATE;
  return zoneSize > LARGE_ZONE_SIZE ? SECONDARY_EVICTION_RATE : 0;
}
