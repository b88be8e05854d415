import type { ChaosEvent, HealCause } from "../events.ts";
import type { Ledger } from "../ledger.ts";
import type { FaultRecord } from "./report.ts";

/** One fault while the events are read. */
export interface OpenFault {
  readonly id: string;
  readonly node: string;
  readonly fault: string;
  readonly origin: string;
  whileNotReady: boolean;
  injectedMs: number;
  detectedMs: number | null;
  evictedMs: number | null;
  replacedMs: number | null;
  healedMs: number | null;
  healedBy: HealCause | null;
  readyMs: number | null;
  evictedPods: number;
}

/** Follows every fault from its injection until its node is Ready again. */
export class FaultBook {
  readonly #faults: OpenFault[] = [];
  readonly #byId = new Map<string, OpenFault>();
  /** Of each node, those that are not over: not healed, or the node is not Ready again. */
  readonly #open = new Map<string, OpenFault[]>();
  /** Of each node, the last one injected: what happens to its pods is this one's doing. */
  readonly #latest = new Map<string, OpenFault>();
  falsePositives = 0;

  /** Reads an event; `ledger` is as it was before it. */
  see(event: ChaosEvent, ledger: Ledger): void {
    switch (event.type) {
      case "fault-injected":
        this.#inject(event, ledger);
        break;
      case "fault-obeyed":
        this.#obey(event);
        break;
      case "node-not-ready":
        this.#notReady(event.node, event.t, ledger);
        break;
      case "node-healed":
        this.#heal(event, ledger);
        break;
      case "node-ready":
        this.#close(event.node, event.t);
        break;
    }
  }

  /** The fault that a pod's eviction from the node is put down to. */
  blame(node: string): OpenFault | undefined {
    return this.#latest.get(node);
  }

  records(): readonly FaultRecord[] {
    return this.#faults;
  }

  #inject(event: Extract<ChaosEvent, { type: "fault-injected" }>, ledger: Ledger): void {
    const { id, node, fault, origin, t } = event;
    const opened: OpenFault = {
      id,
      node,
      fault,
      origin,
      whileNotReady: ledger.nodes.get(node)?.ready === false,
      injectedMs: t,
      detectedMs: null,
      evictedMs: null,
      replacedMs: null,
      healedMs: null,
      healedBy: null,
      readyMs: null,
      evictedPods: 0,
    };
    this.#faults.push(opened);
    this.#byId.set(id, opened);
    this.#latest.set(node, opened);
    this.#open.set(node, [...(this.#open.get(node) ?? []), opened]);
  }

  /** The node goes down when its agent obeys; that is when the clock of detection starts. */
  #obey({ id, t }: Extract<ChaosEvent, { type: "fault-obeyed" }>): void {
    const fault = this.#byId.get(id);
    if (fault !== undefined && fault.detectedMs === null && fault.healedMs === null) fault.injectedMs = t;
  }

  #notReady(node: string, t: number, ledger: Ledger): void {
    if (ledger.nodes.get(node)?.faults.size === 0) {
      this.falsePositives++;
      return;
    }
    for (const fault of this.#open.get(node) ?? []) {
      if (fault.healedMs === null && !fault.whileNotReady) fault.detectedMs ??= t;
    }
  }

  #heal(event: Extract<ChaosEvent, { type: "node-healed" }>, ledger: Ledger): void {
    const fault = this.#byId.get(event.id);
    if (fault === undefined) return;
    fault.healedMs = event.t;
    fault.healedBy = event.cause;
    // Whether it was never shown as anything but Ready, or nobody reports on it at all: it is back.
    if (ledger.nodes.get(event.node)?.ready !== false) this.#close(event.node, event.t);
  }

  /** The node is shown as Ready: its healed faults are over, and one that acts can be noticed from now on. */
  #close(node: string, t: number): void {
    const open = this.#open.get(node) ?? [];
    for (const fault of open) {
      if (fault.healedMs === null) fault.whileNotReady = false;
      else fault.readyMs = t;
    }
    this.#open.set(
      node,
      open.filter((fault) => fault.healedMs === null),
    );
  }
}
