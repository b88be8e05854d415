import { createHash } from "node:crypto";
import type { ChaosEvent } from "../../chaos/events.ts";
import type { WaitStatistics } from "../result.ts";
import { waitHistogram } from "./wait-histogram.ts";

/** A pod of the workload, from its arrival to its end; times are ms since the start, -1: not yet. */
interface PodLine {
  readonly id: string;
  readonly arrivedMs: number;
  readonly isTimed: boolean;
  node: string | undefined;
  startedMs: number;
  endedMs: number;
}

/** Shorter runs count as this long in the bounded slowdown, as is usual (Feitelson). */
const SLOWDOWN_BOUND_MS = 10_000;

/** Who came when, where they went, when they started and ended. */
export class PodBook {
  readonly #lines = new Map<string, PodLine>();
  /** Pods with an end that have a node and have not ended. */
  #timedRunning = 0;

  get size(): number {
    return this.#lines.size;
  }

  get timedRunning(): number {
    return this.#timedRunning;
  }

  /** A pod of the workload is about to be created. @param name `namespace/name` */
  arrives(name: string, id: string, arrivedMs: number, isTimed: boolean): void {
    this.#lines.set(name, { id, arrivedMs, isTimed, node: undefined, startedMs: -1, endedMs: -1 });
  }

  see(event: ChaosEvent): void {
    switch (event.type) {
      case "pod-added": {
        const line = this.#lines.get(event.pod);
        if (line !== undefined) this.#move(line, event.node, event.t);
        else if (event.owner !== undefined) this.#adopt(event.pod, event.node, event.t);
        break;
      }
      case "pod-bound": {
        const line = this.#lines.get(event.pod);
        if (line !== undefined) this.#move(line, event.node, event.t);
        break;
      }
      case "pod-phase":
        if (event.phase === "Succeeded" || event.phase === "Failed") this.#end(event.pod, event.t);
        break;
      case "pod-removed": {
        const line = this.#lines.get(event.pod);
        if (line !== undefined && line.endedMs < 0) this.#move(line, undefined, event.t);
      }
    }
  }

  /** Names of the pods without a node that have not ended. */
  pending(): readonly string[] {
    return [...this.#lines].flatMap(([name, { node, endedMs }]) =>
      node === undefined && endedMs < 0 ? [name] : [],
    );
  }

  placement(): { placed: number; nodesUsed: number; finished: number; sha256: string } {
    const hash = new LineHash();
    const nodes = new Set<string>();
    let placed = 0;
    let finished = 0;
    for (const { id, node, endedMs } of this.#lines.values()) {
      hash.add(`${id} ${node ?? "-"}\n`);
      if (endedMs >= 0) finished++;
      if (node === undefined) continue;
      placed++;
      nodes.add(node);
    }
    return { placed, nodesUsed: nodes.size, finished, sha256: hash.digest() };
  }

  starts(): { waited: number; totalWaitMs: number; makespanMs: number | null; sha256: string } {
    const hash = new LineHash();
    let [waited, totalWaitMs, makespanMs] = [0, 0, -1];
    for (const { id, arrivedMs, startedMs, endedMs } of this.#lines.values()) {
      hash.add(`${id} ${startedMs < 0 ? "-" : startedMs / 1_000}\n`);
      if (endedMs > makespanMs) makespanMs = endedMs;
      const waitMs = startedMs - arrivedMs;
      if (startedMs < 0 || waitMs === 0) continue;
      waited++;
      totalWaitMs += waitMs;
    }
    return { waited, totalWaitMs, makespanMs: makespanMs < 0 ? null : makespanMs, sha256: hash.digest() };
  }

  waits(): WaitStatistics | null {
    const started = [...this.#lines.values()].filter(({ startedMs }) => startedMs >= 0);
    if (started.length === 0) return null;
    const sorted = Float64Array.from(started, ({ startedMs, arrivedMs }) => startedMs - arrivedMs).sort();
    const rank = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] as number) / 1_000;
    const ended = started.filter(({ endedMs }) => endedMs >= 0);
    const slowdowns = ended.map(({ arrivedMs, startedMs, endedMs }) =>
      Math.max(1, (endedMs - arrivedMs) / Math.max(endedMs - startedMs, SLOWDOWN_BOUND_MS)),
    );
    return {
      meanSeconds: sorted.reduce((sum, waitMs) => sum + waitMs, 0) / sorted.length / 1_000,
      p50Seconds: rank(0.5),
      p95Seconds: rank(0.95),
      p99Seconds: rank(0.99),
      maxSeconds: rank(1),
      histogram: waitHistogram(sorted),
      boundedSlowdown:
        ended.length === 0 ? null : slowdowns.reduce((sum, value) => sum + value, 0) / ended.length,
    };
  }

  /** A pod that a controller made for the workload. */
  #adopt(name: string, node: string | undefined, t: number): void {
    this.arrives(name, name.slice(name.indexOf("/") + 1), t, false);
    if (node !== undefined) this.#move(this.#lines.get(name) as PodLine, node, t);
  }

  #move(line: PodLine, node: string | undefined, t: number): void {
    if (line.isTimed && (line.node === undefined) !== (node === undefined)) {
      this.#timedRunning += node === undefined ? -1 : 1;
    }
    line.node = node;
    if (node !== undefined && line.startedMs < 0) line.startedMs = t;
  }

  #end(name: string, t: number): void {
    const line = this.#lines.get(name);
    if (line === undefined || line.endedMs >= 0) return;
    line.endedMs = t;
    if (line.isTimed && line.node !== undefined) this.#timedRunning--;
  }
}

/** The sha256 of many short lines: handed over in pieces, for each call costs more than the hashing. */
class LineHash {
  readonly #hash = createHash("sha256");
  #pending: string[] = [];

  add(line: string): void {
    if (this.#pending.push(line) < 1_024) return;
    this.#hash.update(this.#pending.join(""));
    this.#pending = [];
  }

  digest(): string {
    return this.#hash.update(this.#pending.join("")).digest("hex");
  }
}
