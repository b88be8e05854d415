import type { ChaosEvent } from "../events.ts";
import type { Counts, Ledger, NodeRecord } from "../ledger.ts";
import type { NodeSpan, NodeState, Timeline } from "./report.ts";

/** So many points of the pods' curve are kept; then every second one is dropped. */
const MOST_POINTS = 400;

interface Point {
  readonly t: number;
  readonly desired: number;
  readonly alive: number;
}

/** Draws the picture of the run: what every node was when, and how many pods lived. */
export class TimelineBook {
  readonly #nodes = new Map<string, NodeSpan[]>();
  readonly #open = new Map<string, { readonly state: NodeState; readonly fromMs: number }>();
  #points: Point[] = [];
  /** Points closer to the last one than this replace it. */
  #spacingMs = 0;

  /** Reads an event; `ledger` is as it is after it. */
  see(event: ChaosEvent, ledger: Ledger): void {
    switch (event.type) {
      case "node-added":
      case "node-ready":
      case "node-not-ready":
      case "node-healed":
      case "fault-injected":
        this.#turn(event.node, event.t, ledger.nodes.get(event.node));
        break;
      case "node-removed":
        this.#turn(event.node, event.t, undefined);
        break;
    }
    this.#point(event.t, ledger.counts);
  }

  timeline(endMs: number): Timeline {
    for (const name of [...this.#open.keys()]) this.#turn(name, endMs, undefined);
    const nodes = [...this.#nodes].map(([node, spans]) => ({ node, spans }));
    nodes.sort((a, b) => collator.compare(a.node, b.node));
    return { startMs: 0, endMs, nodes, pods: this.#points };
  }

  #turn(name: string, t: number, node: NodeRecord | undefined): void {
    const open = this.#open.get(name);
    const state = node && stateOf(node);
    if (open?.state === state) return;
    const spans = this.#nodes.get(name) ?? [];
    if (open !== undefined && t > open.fromMs)
      spans.push({ state: open.state, fromMs: open.fromMs, toMs: t });
    this.#nodes.set(name, spans);
    if (state === undefined) this.#open.delete(name);
    else this.#open.set(name, { state, fromMs: t });
  }

  #point(t: number, { desired, alive }: Counts): void {
    const last = this.#points.at(-1);
    if (last?.desired === desired && last.alive === alive) return;
    if (last !== undefined && t - last.t <= this.#spacingMs) this.#points.pop();
    this.#points.push({ t, desired, alive });
    if (this.#points.length <= MOST_POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 0);
    this.#spacingMs = Math.max(1, this.#spacingMs * 2, Math.ceil(t / MOST_POINTS));
  }
}

/** Node 2 before node 10. */
const collator = new Intl.Collator("en", { numeric: true });

/** What is so, and what the API shows of it. A node nobody has reported on is taken for what it is. */
export function stateOf(node: Pick<NodeRecord, "faults" | "ready">): NodeState {
  const isUp = node.faults.size === 0;
  const seemsUp = node.ready ?? isUp;
  if (isUp) return seemsUp ? "up" : "returning";
  return seemsUp ? "unnoticed" : "down";
}
