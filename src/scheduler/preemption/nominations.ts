import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodInfo } from "../pod-info.ts";

interface Nomination {
  readonly pod: PodInfo;
  readonly node: NodeEntry;
  readonly devices: readonly number[];
}

/**
 * Pods for which room is being made on a node. Their room counts as taken there for everybody of the same or less
 * priority, so that nobody slips in; for those above them it does not.
 */
export class Nominations {
  readonly #state: ClusterState;
  readonly #byUid = new Map<string, Nomination>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** Nominates a pod, or nominates it elsewhere. A node that is not there is not reserved. */
  add(pod: PodInfo, nodeName: string): void {
    this.remove(pod.uid);
    const node = this.#state.node(nodeName);
    if (node === undefined) return;
    const devices = node.devicesFor(pod.shape);
    this.#byUid.set(pod.uid, { pod, node, devices });
    this.#state.reserve(pod.shape, node, 1, devices);
  }

  /** @returns the node that got room back, if any */
  remove(uid: string): NodeEntry | undefined {
    const known = this.#byUid.get(uid);
    if (known === undefined) return undefined;
    this.#byUid.delete(uid);
    this.#state.reserve(known.pod.shape, known.node, -1, known.devices);
    return known.node;
  }

  /** Pods of less priority that are nominated to the node. */
  below(priority: number, node: NodeEntry): PodInfo[] {
    const onNode = [...this.#byUid.values()].filter((known) => known.node === node);
    return onNode.map(({ pod }) => pod).filter((pod) => pod.priority < priority);
  }

  /** Pods nominated to the node that a pod has to reckon with: others, of the same or more priority. */
  besides(pod: { readonly uid?: string; readonly priority: number }, node: NodeEntry): readonly PodInfo[] {
    if (this.#byUid.size === 0) return NONE;
    const onNode = [...this.#byUid.values()].filter((known) => known.node.name === node.name);
    const others = onNode.map((known) => known.pod).filter(({ uid }) => uid !== pod.uid);
    return others.filter(({ priority }) => priority >= pod.priority);
  }

  /** Does something for a pod, as it sees the cluster: without what is reserved for it and for pods below it. */
  seenBy<T>(pod: PodInfo, act: () => T): T {
    if (this.#byUid.size === 0) return act();
    const lifted = [...this.#byUid.values()].filter(
      (known) => known.pod.uid === pod.uid || known.pod.priority < pod.priority,
    );
    for (const { pod: other, node, devices } of lifted) {
      this.#state.reserve(other.shape, node, -1, devices);
    }
    try {
      return act();
    } finally {
      for (const { pod: other, node, devices } of lifted) {
        this.#state.reserve(other.shape, node, 1, devices);
      }
    }
  }
}

const NONE: readonly PodInfo[] = [];
