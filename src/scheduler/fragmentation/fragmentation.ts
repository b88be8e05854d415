import { DEVICE_MILLI, type GpuDemand } from "../../api/gpu.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { meetsSelectors } from "../filters/node-affinity.ts";
import type { NodeView, PodView } from "../strategy.ts";

/** A kind of pods and its share of all pods, 0 to 1. */
export interface PodKind {
  readonly shape: PodShape;
  readonly share: number;
}

/** What the pods of some kinds have in common: what they want of GPUs, and where they may go. */
interface Group extends GpuDemand {
  readonly shape: PodShape;
  /** CPU in milli, ascending, and the share of pods that ask for so much or less. */
  readonly cpus: readonly number[];
  readonly shares: readonly number[];
}

/** What a placement changes: thousandths of GPUs that become unusable (less than 0: that become usable). */
interface Growth {
  readonly milli: number;
  /** The device on which a share grows it least; -1 for whole devices and pods without GPU. */
  readonly device: number;
}

const NONE: Growth = { milli: 0, device: -1 };

/** So many kinds of pods have their answers kept. */
const KEPT = 512;

/** The answers for pods of one kind, by node index, with the version of the node that they are about. */
interface Answers {
  readonly nodes: (NodeView | undefined)[];
  readonly versions: number[];
  readonly growths: Growth[];
}

/**
 * How much of the free GPUs of a node typical pods cannot use ("Beware of Fragmentation", USENIX ATC 2023): for each
 * kind of pods all that is free where such a pod does not fit, else what is free on devices with too little for it, and
 * of that the mean by how common the kinds are. What has been worked out for a node is kept until the node changes.
 */
export class Fragmentation {
  readonly #groups: readonly Group[];
  readonly #eligible = new WeakMap<NodeView["labels"], readonly Group[]>();
  readonly #answers = new Map<PodView["requests"], Answers>();

  constructor(kinds: readonly PodKind[]) {
    this.#groups = groupsOf(kinds);
  }

  /** Thousandths of the node's free GPUs that are of no use, as things are. */
  of(node: NodeView): number {
    return node.gpus === undefined ? 0 : unusable(this.#eligibleOn(node), freeCpu(node), node.gpus.left);
  }

  /** What the pod would change there. */
  growth(pod: PodView, node: NodeView): Growth {
    if (node.gpus === undefined) return NONE;
    const answers = this.#answersFor(pod);
    const { index, version } = node;
    if (answers.nodes[index] === node && answers.versions[index] === version) {
      return answers.growths[index] as Growth;
    }
    const growth = this.#workOut(pod, node, node.gpus.left);
    answers.nodes[index] = node;
    answers.versions[index] = version;
    answers.growths[index] = growth;
    return growth;
  }

  #workOut(pod: PodView, node: NodeView, left: readonly number[]): Growth {
    const groups = this.#eligibleOn(node);
    const before = unusable(groups, freeCpu(node), left);
    const cpu = freeCpu(node) - (pod.requests.cpu ?? 0);
    const { gpu } = pod;
    if (gpu === undefined) return { milli: unusable(groups, cpu, left) - before, device: -1 };
    const after = [...left];
    if (gpu.milli === DEVICE_MILLI) {
      takeIdle(after, gpu.devices);
      return { milli: unusable(groups, cpu, after) - before, device: -1 };
    }
    let least = { milli: Number.POSITIVE_INFINITY, device: -1 };
    for (let device = 0; device < left.length; device++) {
      const had = left[device] as number;
      // Devices with the same left are as good as each other: the first stands for all.
      if (had < gpu.milli || left.indexOf(had) < device) continue;
      after[device] = had - gpu.milli;
      const milli = unusable(groups, cpu, after) - before;
      after[device] = had;
      if (milli < least.milli) least = { milli, device };
    }
    return least.device < 0 ? NONE : least;
  }

  #answersFor({ requests }: PodView): Answers {
    const known = this.#answers.get(requests);
    if (known !== undefined) return known;
    if (this.#answers.size >= KEPT) this.#answers.clear();
    const answers = { nodes: [], versions: [], growths: [] };
    this.#answers.set(requests, answers);
    return answers;
  }

  #eligibleOn({ labels, name }: NodeView): readonly Group[] {
    const known = this.#eligible.get(labels);
    if (known !== undefined) return known;
    const groups = this.#groups.filter(({ shape }) => meetsSelectors(shape, { labels, name }));
    this.#eligible.set(labels, groups);
    return groups;
  }
}

/**
 * All that is free, but for what pods of each group can use: what is free on devices with enough for them, times the
 * share of pods for which CPU and devices suffice.
 */
function unusable(groups: readonly Group[], freeCpu: number, left: readonly number[]): number {
  let total = 0;
  for (const milli of left) if (milli > 0) total += milli;
  let amount = total;
  for (const { milli, devices, cpus, shares } of groups) {
    let count = 0;
    let usable = 0;
    for (const free of left) {
      if (free < milli) continue;
      count++;
      usable += free;
    }
    if (count < devices) continue;
    let at = cpus.length - 1;
    while (at >= 0 && (cpus[at] as number) > freeCpu) at--;
    if (at >= 0) amount -= usable * (shares[at] as number);
  }
  return amount;
}

function takeIdle(left: number[], devices: number): void {
  for (let device = 0, wanted = devices; device < left.length && wanted > 0; device++) {
    if (left[device] !== DEVICE_MILLI) continue;
    left[device] = 0;
    wanted--;
  }
}

/** Pods that want no GPU can use none of one: they count in the shares of the others only. */
function groupsOf(kinds: readonly PodKind[]): Group[] {
  const byDemand = new Map<string, PodKind[]>();
  for (const kind of kinds) {
    const { gpu, constraints } = kind.shape;
    if (gpu === undefined) continue;
    const key = `${gpu.devices} ${gpu.milli} ${constraints.signature}`;
    byDemand.set(key, [...(byDemand.get(key) ?? []), kind]);
  }
  return [...byDemand.values()].map((alike) => {
    const sorted = alike.toSorted((a, b) => cpuOf(a) - cpuOf(b));
    const { shape } = sorted[0] as PodKind;
    let sum = 0;
    const { devices, milli } = shape.gpu as GpuDemand;
    return {
      shape,
      devices,
      milli,
      cpus: sorted.map(cpuOf),
      shares: sorted.map(({ share }) => (sum += share)),
    };
  });
}

function cpuOf({ shape }: PodKind): number {
  return shape.amounts[0] as number;
}

function freeCpu({ allocatable, requested }: NodeView): number {
  return (allocatable.cpu ?? 0) - (requested.cpu ?? 0);
}
