import { isReason } from "../../api/errors.ts";
import { CLUSTER_SETTINGS_NAME, clusterSettings } from "../../api/kinds/cluster-settings.ts";
import { nodes } from "../../api/kinds/node.ts";
import { modify } from "../../api/modify.ts";
import type { Objects } from "../../api/objects.ts";
import { Label } from "../../api/well-known.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { Clock, Timer } from "../../clock/clock.ts";
import { byCodeUnits } from "../../lib/order.ts";
import type { FixedEvent } from "../scenario/scenario.ts";
import type { FaultWriter } from "./fault-writer.ts";

interface TimetableContext {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly writer: FaultWriter;
  /** Told of an event that could not be carried out, and why. */
  readonly notApplied: (event: FixedEvent, reason: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Why an event cannot be carried out. */
class NotApplicable extends Error {}

/** Carries out the fixed events of a scenario at their times, in the order given where times are equal. */
export class Timetable {
  readonly #events: readonly FixedEvent[];
  readonly #context: TimetableContext;
  readonly #timers: Timer[] = [];
  #left: number;

  constructor(events: readonly FixedEvent[], context: TimetableContext) {
    this.#events = events;
    this.#context = context;
    this.#left = events.length;
  }

  get isDone(): boolean {
    return this.#left === 0;
  }

  start(): void {
    for (const event of this.#events) {
      const timer = this.#context.clock.after(event.atMs, () => {
        this.#left--;
        this.#carryOut(event).catch((error: unknown) => this.#failed(event, error));
      });
      this.#timers.push(timer);
    }
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
  }

  #failed(event: FixedEvent, error: unknown): void {
    const { notApplied, onError } = this.#context;
    // Not found: gone between two writes of one event.
    const isApart = error instanceof NotApplicable || isReason(error, "NotFound");
    if (isApart) notApplied(event, (error as Error).message);
    else onError(error);
  }

  async #carryOut({ action, target }: FixedEvent): Promise<void> {
    const { objects, writer } = this.#context;
    if (action === "strategy") {
      const key = { name: CLUSTER_SETTINGS_NAME };
      await modify(objects, clusterSettings, key, (now) => ({
        ...now,
        spec: { ...now.spec, strategy: target },
      }));
      return;
    }
    const names = action === "heal" ? await this.#toHeal(target) : await this.#nodesOf(target);
    for (const name of names) {
      if (action === "crash" || action === "hang") writer.inject(name, `node-${action}`);
      else if (action === "heal") writer.heal(name);
      else if (action === "remove") await objects.delete(nodes, { name });
      else {
        const unschedulable = action === "cordon";
        await modify(objects, nodes, { name }, (node) => ({
          ...node,
          spec: { ...node.spec, unschedulable },
        }));
      }
    }
  }

  /** `oldest` is the node that has been down for longest. */
  async #toHeal(target: string): Promise<readonly string[]> {
    if (target === "all") return this.#context.writer.faultyNodes;
    if (target === "oldest") return this.#context.writer.faultyNodes.slice(0, 1);
    return this.#nodesOf(target);
  }

  async #nodesOf(target: string): Promise<readonly string[]> {
    const { ledger, objects } = this.#context;
    if (target === "busiest") return this.#busiest();
    if (target === "all") return [...ledger.nodes.keys()].sort(byCodeUnits);
    const zone = /^zone (.+)$/.exec(target)?.[1];
    if (zone !== undefined) {
      const { items } = await objects.list(nodes, { labelSelector: `${Label.zone}=${zone}` });
      if (items.length === 0) throw new NotApplicable(`no node is in zone ${zone}`);
      return items.map(({ metadata }) => metadata.name);
    }
    if (!ledger.nodes.has(target)) throw new NotApplicable(`there is no node "${target}"`);
    return [target];
  }

  /** Of the nodes that are up: the one with most pods; ties go to the one created first. */
  #busiest(): readonly string[] {
    let busiest: string | undefined;
    let most = -1;
    for (const { name, pods, faults } of this.#context.ledger.nodes.values()) {
      if (faults.size > 0 || pods.size <= most) continue;
      busiest = name;
      most = pods.size;
    }
    if (busiest === undefined) throw new NotApplicable("no node is up");
    return [busiest];
  }
}
