import type { Ledger, NodeRecord } from "../../chaos/ledger.ts";
import type { TimelinePoint, Utilisation } from "../result.ts";

/** The timeline has about so many points at most; when there are more, every second one goes. */
const POINTS = 240;

/** What is used of what there is, looked at now and then. */
export class UsageBook {
  readonly #ledger: Ledger;
  /** The workload's median pod: cpu in milli, memory in bytes. */
  readonly #median: { readonly cpu: number; readonly memory: number };
  #points: TimelinePoint[] = [];
  #everyMs = 1_000;
  readonly #sums = { cpu: 0, cpuTotal: 0, memory: 0, memoryTotal: 0, fragmentation: 0, ms: 0 };

  constructor(ledger: Ledger, median: { readonly cpu: number; readonly memory: number }) {
    this.#ledger = ledger;
    this.#median = median;
  }

  /** How far apart looks are to be now, in ms. */
  get everyMs(): number {
    return this.#everyMs;
  }

  /** Looks at the cluster as it is; what it sees stands for the time until the next look. */
  look(t: number): void {
    const before = this.#points.at(-1);
    if (before !== undefined) this.#count(before, t - before.atSeconds * 1_000);
    const point = this.#pointAt(t);
    if (before?.atSeconds === point.atSeconds) this.#points.pop();
    this.#points.push(point);
    if (this.#points.length <= POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 0);
    this.#everyMs *= 2;
  }

  utilisation(): Utilisation {
    const { cpu, cpuTotal, memory, memoryTotal, fragmentation, ms } = this.#sums;
    const last = this.#points.at(-1);
    if (ms === 0) {
      return {
        cpu: share(last?.cpuUsed, last?.cpuTotal),
        memory: share(last?.memoryUsed, last?.memoryTotal),
        fragmentation: last?.fragmentation ?? 0,
      };
    }
    return {
      cpu: share(cpu, cpuTotal),
      memory: share(memory, memoryTotal),
      fragmentation: fragmentation / ms,
    };
  }

  timeline(): readonly TimelinePoint[] {
    return this.#points;
  }

  #count(point: TimelinePoint, passedMs: number): void {
    const sums = this.#sums;
    sums.cpu += point.cpuUsed * passedMs;
    sums.cpuTotal += point.cpuTotal * passedMs;
    sums.memory += point.memoryUsed * passedMs;
    sums.memoryTotal += point.memoryTotal * passedMs;
    sums.fragmentation += point.fragmentation * passedMs;
    sums.ms += passedMs;
  }

  #pointAt(t: number): TimelinePoint {
    let [cpuUsed, cpuTotal, memoryUsed, memoryTotal, free, stranded] = [0, 0, 0, 0, 0, 0];
    for (const node of this.#ledger.nodes.values()) {
      const cpu = amount(node, "cpu");
      const memory = amount(node, "memory");
      cpuUsed += cpu.used;
      cpuTotal += cpu.total;
      memoryUsed += memory.used;
      memoryTotal += memory.total;
      const cpuFree = Math.max(0, cpu.total - cpu.used);
      free += cpuFree;
      const fits = cpuFree >= this.#median.cpu && memory.total - memory.used >= this.#median.memory;
      if (!fits) stranded += cpuFree;
    }
    const { running, pending } = this.#ledger.counts;
    return {
      atSeconds: t / 1_000,
      cpuUsed: cpuUsed / 1_000,
      cpuTotal: cpuTotal / 1_000,
      memoryUsed,
      memoryTotal,
      running,
      pending,
      fragmentation: share(stranded, free),
    };
  }
}

function amount(node: NodeRecord, resource: string): { readonly used: number; readonly total: number } {
  return { used: node.used.get(resource) ?? 0, total: node.allocatable[resource] ?? 0 };
}

function share(part = 0, whole = 0): number {
  return whole === 0 ? 0 : part / whole;
}
