import type { ChaosEvent, ChaosHappening } from "../chaos/events.ts";
import { findFault } from "../chaos/faults/registry.ts";
import { Ledger, type NodeRecord } from "../chaos/ledger.ts";
import type { PodRecord } from "../chaos/ledger-pod.ts";

/**
 * The events that bring a new ledger to the state of this one, as if all of it had come about at once: what a player
 * goes on from when it goes back.
 */
export function eventsToRestore(ledger: Ledger, runStarted: ChaosEvent): readonly ChaosEvent[] {
  const { t, at } = runStarted;
  const stamped = (happenings: readonly ChaosHappening[]) =>
    happenings.map((happening): ChaosEvent => ({ t, at, ...happening }));
  const nodes = [...ledger.nodes.values()];
  const pods = [...ledger.pods.values()];
  return [
    runStarted,
    // Faults of a node are told with the time at which it changed last.
    ...nodes.map((node): ChaosEvent => ({ t: node.changedMs, at, ...nodeAdded(node) })),
    ...stamped(pods.map(podAdded)),
    ...nodes.flatMap((node) => faultsOf(node).map((fault) => ({ t: node.changedMs, at, ...fault }))),
    ...stamped(pods.flatMap(evicted)),
  ];
}

/** A ledger to which these events have been told. */
export function ledgerOf(events: readonly ChaosEvent[]): Ledger {
  const ledger = new Ledger();
  for (const event of events) ledger.apply(event);
  return ledger;
}

function nodeAdded({ name, ready, inScope, allocatable }: NodeRecord): ChaosHappening {
  return { type: "node-added", node: name, inScope, allocatable, ...(ready !== undefined && { ready }) };
}

function podAdded({ pod, uid, phase, node, requests, owner, ...rest }: PodRecord): ChaosHappening {
  return {
    type: "pod-added",
    pod,
    uid,
    phase,
    ...(node !== undefined && { node }),
    requests,
    ...(owner !== undefined && { owner }),
    rescheduled: rest.rescheduled,
    ...(rest.unschedulable && { unschedulable: true as const }),
    ...(rest.terminating && { terminating: true as const }),
  };
}

function faultsOf({ name, faults }: NodeRecord): readonly ChaosHappening[] {
  return [...faults].map(([id, { fault, origin }]) => ({
    type: "fault-injected",
    id,
    node: name,
    fault,
    origin,
    losesPods: findFault(fault)?.losesPods ?? false,
  }));
}

function evicted({ evicted: isEvicted, pod, uid, node = "" }: PodRecord): readonly ChaosHappening[] {
  return isEvicted ? [{ type: "pod-evicted", pod, uid, node }] : [];
}
