import { Label } from "../../api/well-known.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { formatDuration } from "../../lib/duration.ts";
import { findStrategy, STRATEGIES } from "../../scheduler/strategies/registry.ts";
import { onDemandShapes } from "../prepare.ts";
import type { PreparedScenario } from "../prepared.ts";
import type { FixedEvent, NodeShape } from "./scenario.ts";

/** An event that cannot be carried out, whatever happens until then. */
export interface EventFault {
  /** Of the event, in `scenario.events`. */
  readonly index: number;
  readonly problem: string;
  readonly hint?: string;
}

/** As a scenario writes it, but for its time: `crash node-1`. */
export function eventText({ action, target }: Pick<FixedEvent, "action" | "target">): string {
  return `${action} ${target}`;
}

/** The first event that speaks of what there never is, or is no more then; undefined when all can be carried out. */
export function eventFault({ scenario, nodes }: PreparedScenario): EventFault | undefined {
  const names = new Set(nodes.map(({ metadata }) => metadata.name as string));
  const zones = new Map(
    nodes.map(({ metadata }) => [metadata.name as string, metadata.labels?.[Label.zone]]),
  );
  const coming = onDemandShapes(scenario);
  const own = scenario.strategies.map(({ name }) => name);
  const removed = new Map<string, FixedEvent>();
  const inOrder = [...scenario.events.entries()].sort(([, a], [, b]) => a.atMs - b.atMs);
  for (const [index, event] of inOrder) {
    const { action, target } = event;
    const zone = /^zone (.+)$/.exec(target)?.[1];
    const fault = (problem: string, hint?: string) => ({
      index,
      problem,
      ...(hint !== undefined && { hint }),
    });
    if (action === "strategy") {
      if (findStrategy(target) !== undefined || own.includes(target)) continue;
      return fault(
        `there is no strategy "${target}"`,
        meant(
          target,
          STRATEGIES.map(({ name }) => name),
        ),
      );
    }
    if (target === "all" || target === "busiest" || (action === "heal" && target === "oldest")) continue;
    if (zone !== undefined) {
      const isThere = [...zones.values()].includes(zone) || coming.some((shape) => isZoneOf(zone, shape));
      if (!isThere) return fault(`no node is in zone ${zone}`);
      continue;
    }
    const before = removed.get(target);
    if (before !== undefined) {
      const when = formatDuration(before.atMs);
      return fault(`${target} is there no more: it is removed at ${when}`, "Take one of the two events out");
    }
    if (!names.has(target) && !coming.some((shape) => isNameOf(target, shape))) {
      return fault(`there is no node "${target}"`, meant(target, names));
    }
    if (action === "remove") removed.set(target, event);
  }
  return undefined;
}

function isZoneOf(zone: string, { zones, labels }: NodeShape): boolean {
  const number = /^zone-([1-9]\d*)$/.exec(zone)?.[1];
  return labels[Label.zone] === zone || (number !== undefined && Number(number) <= zones);
}

/** Nodes that come when they are needed are numbered, too. */
function isNameOf(name: string, { prefix, count }: NodeShape): boolean {
  if (!name.startsWith(`${prefix}-`)) return false;
  const number = name.slice(prefix.length + 1);
  return /^[1-9]\d*$/.test(number) && Number(number) <= count;
}

function meant(name: string, candidates: Iterable<string>): string {
  const close = didYouMean(name, candidates);
  if (close !== undefined) return `Did you mean "${close}"?`;
  const some = [...candidates].slice(0, 5);
  return `There are ${some.join(", ")}${some.length < 5 ? "" : ", ..."}`;
}
