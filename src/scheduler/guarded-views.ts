import type { NodeView, PodView, ScoreContext } from "./strategy.ts";

type Static = Pick<NodeView, "labels" | "taints" | "allocatable">;

/**
 * What a strategy that is not kubesim's own gets to see: frozen copies. The scheduler counts with the originals, and
 * labels and taints belong to stored objects; a strategy that writes to what it is shown must harm neither. It gets a
 * TypeError instead (ES modules are strict), which is reported as any other error in its score.
 */
export class GuardedViews {
  /** By node: what it was copied from, and the copy, as it rarely changes. */
  readonly #statics = new WeakMap<NodeView, readonly [from: Static, copy: Static]>();
  #pod: PodView | undefined;
  #podCopy: PodView | undefined;

  /** The same copy for every node that the pod is scored on. */
  pod(pod: PodView): PodView {
    if (this.#pod !== pod || this.#podCopy === undefined) {
      const { namespace, name, labels, priority, requests, nonZeroRequests, gpu, spec } = pod;
      const { affinity, tolerations } = spec;
      const shown = { ...(affinity && { affinity }), ...(tolerations && { tolerations }) };
      this.#podCopy = frozenCopy({
        namespace,
        name,
        labels,
        priority,
        requests,
        nonZeroRequests,
        ...(gpu && { gpu }),
        spec: shown,
      });
      this.#pod = pod;
    }
    return this.#podCopy;
  }

  node(node: NodeView): NodeView {
    const { name, index, podCount, requested, nonZeroRequested, gpus, version } = node;
    return Object.freeze({
      name,
      index,
      podCount,
      version,
      gpus: gpus && frozenCopy({ left: gpus.left }),
      ...this.#static(node),
      requested: Object.freeze({ ...requested }),
      nonZeroRequested: Object.freeze({ ...nonZeroRequested }),
    });
  }

  context({ random, placements, lastIndex, nodesTotal }: ScoreContext): ScoreContext {
    // A stream keeps its state to itself, so that it goes on drawing when it is frozen.
    return Object.freeze({ random: Object.freeze(random), placements, lastIndex, nodesTotal });
  }

  #static(node: NodeView): Static {
    const { labels, taints, allocatable } = node;
    const known = this.#statics.get(node);
    if (known !== undefined) {
      const [from, copy] = known;
      if (from.labels === labels && from.taints === taints && from.allocatable === allocatable) return copy;
    }
    const from = { labels, taints, allocatable };
    const copy = frozenCopy(from);
    this.#statics.set(node, [from, copy]);
    return copy;
  }
}

/** A deep copy of plain data that nobody can change. */
function frozenCopy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as unknown as T;
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, frozenCopy(member)]));
  return Object.freeze(copy) as T;
}
