import { isNodeReady, type Node } from "../../api/kinds/node.ts";
import type { Clock } from "../../clock/clock.ts";
import { Alarm } from "../alarm.ts";
import { EvictionQueue } from "./eviction-queue.ts";
import { hasEvictionTaint, lossTaint } from "./taints.ts";
import { evictionRate, isCounted, type ZoneCount, type ZoneState, zoneOf, zoneState } from "./zones.ts";

interface Zone {
  state: ZoneState;
  readonly queue: EvictionQueue;
}

/** What the zones need of the rest of the controller. */
export interface ZoneSurroundings {
  readonly clock: Clock;
  /** Whether the timing profile asks for it; else every lost node is tainted at once. */
  isOn(): boolean;
  nodes(): Iterable<Node>;
  /** The next check of heartbeats (monotonic ms); zones are judged at the same instants. */
  nextCheckMs(): number;
  /** Makes the check of heartbeats that is due at this instant. */
  check(atMs: number): void;
  /** Whether the node has been found silent, written down or not. */
  isLost(nodeName: string): boolean;
  /** May be tainted now, or may no longer be. */
  onChange(nodeName: string): void;
  /** The whole cluster had looked lost, and does not any more: nobody's silence counts. */
  onReturn(): void;
}

/**
 * Damps mass failures as kube-controller-manager does: lost nodes get their eviction taint one by one, at a rate that
 * falls with the share of their zone that is lost; when everything looks lost, nothing is evicted at all. Works only
 * while some node is not ready.
 */
export class ZoneEvictions {
  readonly #surroundings: ZoneSurroundings;
  readonly #zones = new Map<string, Zone>();
  /** Nodes that may have the eviction taint. */
  readonly #granted = new Set<string>();
  readonly #notReady = new Map<string, Node>();
  readonly #passes: Alarm;
  readonly #turns: Alarm;
  /** True while the whole cluster looks lost. */
  #hasGivenUp = false;

  constructor(surroundings: ZoneSurroundings) {
    this.#surroundings = surroundings;
    this.#passes = new Alarm(surroundings.clock, (atMs) => this.#pass(atMs));
    this.#turns = new Alarm(surroundings.clock, () => this.#taintInTurn());
  }

  isGranted(nodeName: string): boolean {
    return this.#granted.has(nodeName);
  }

  /** Follows a node: `undefined` when it is gone. */
  update(nodeName: string, node: Node | undefined): void {
    if (node === undefined || isNodeReady(node)) {
      this.#notReady.delete(nodeName);
      this.#granted.delete(nodeName);
      for (const { queue } of this.#zones.values()) queue.remove(nodeName);
      return;
    }
    // Tainted before this controller started, or under another timing profile.
    if (hasEvictionTaint(node) && !this.#hasGivenUp) this.#granted.add(nodeName);
    this.#notReady.set(nodeName, node);
    if (this.#surroundings.isOn()) this.#passes.set(this.#surroundings.nextCheckMs());
  }

  stop(): void {
    this.#passes.cancel();
    this.#turns.cancel();
  }

  /** As a pass of kube-controller-manager: who was not ready before it is queued, who is so now counts. */
  #pass(atMs: number): void {
    if (!this.#surroundings.isOn()) return;
    for (const [nodeName, node] of this.#notReady) {
      if (this.#granted.has(nodeName) || lossTaint(node) === undefined) continue;
      this.#zone(zoneOf(node)).queue.add(nodeName);
    }
    this.#surroundings.check(atMs);
    this.#judge();
    this.#taintInTurn();
    const isQuiet = [...this.#zones.values()].every(({ state }) => state === "normal");
    if (this.#notReady.size > 0 || !isQuiet) this.#passes.set(this.#surroundings.nextCheckMs());
  }

  /** Compares what each zone is with what it was, and sets its rate where that changed. */
  #judge(): void {
    const counts = this.#count();
    if (counts.size === 0) return;
    const states = new Map([...counts].map(([name, count]) => [name, zoneState(count)]));
    for (const name of this.#zones.keys()) if (!counts.has(name)) this.#zones.delete(name);
    for (const name of counts.keys()) this.#zone(name);
    const wasAllLost = this.#hasGivenUp;
    const isAllLost = [...states.values()].every((state) => state === "full");
    if (isAllLost) {
      if (!wasAllLost) this.#giveUp();
      return;
    }
    this.#hasGivenUp = false;
    if (wasAllLost) this.#surroundings.onReturn();
    for (const [name, state] of states) {
      const zone = this.#zone(name);
      if (zone.state === state && !wasAllLost) continue;
      const { ready, notReady } = counts.get(name) as ZoneCount;
      zone.state = state;
      zone.queue.setRate(evictionRate(state, ready + notReady), this.#nowMs());
    }
  }

  /** Everything looks lost: more likely it is this side that is cut off. No node is evicted. */
  #giveUp(): void {
    this.#hasGivenUp = true;
    for (const zone of this.#zones.values()) {
      zone.state = "full";
      zone.queue.clear();
      zone.queue.setRate(0, this.#nowMs());
    }
    const granted = [...this.#granted];
    this.#granted.clear();
    for (const nodeName of granted) this.#surroundings.onChange(nodeName);
  }

  #taintInTurn(): void {
    for (const { queue } of this.#zones.values()) {
      for (let name = queue.take(this.#nowMs()); name !== undefined; name = queue.take(this.#nowMs())) {
        this.#granted.add(name);
        this.#surroundings.onChange(name);
      }
      if (queue.nextAtMs !== undefined) this.#turns.set(queue.nextAtMs);
    }
  }

  #count(): ReadonlyMap<string, ZoneCount> {
    const counts = new Map<string, { ready: number; notReady: number }>();
    for (const node of this.#surroundings.nodes()) {
      if (!isCounted(node)) continue;
      const zone = zoneOf(node);
      const count = counts.get(zone) ?? { ready: 0, notReady: 0 };
      if (isNodeReady(node) && !this.#surroundings.isLost(node.metadata.name)) count.ready++;
      else count.notReady++;
      counts.set(zone, count);
    }
    return counts;
  }

  #zone(name: string): Zone {
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      zone = { state: "normal", queue: new EvictionQueue(evictionRate("normal", 0), this.#nowMs()) };
      this.#zones.set(name, zone);
    }
    return zone;
  }

  #nowMs(): number {
    return this.#surroundings.clock.monotonicMs();
  }
}
