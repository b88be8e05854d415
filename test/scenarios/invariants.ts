import { isNodeReady, type Node } from "../../src/api/kinds/node.ts";
import { isFinished, type Pod } from "../../src/api/kinds/pod.ts";
import { type KubeObject, keyOf, keyText } from "../../src/api/meta.ts";
import { resourceAmount } from "../../src/api/quantity.ts";
import type { Change } from "../../src/store/store.ts";
import type { ClusterUnderTest } from "./cluster-under-test.ts";

const RESOURCES = ["cpu", "memory"] as const;

/** Shorter than anything a machine does to a pod. */
const LOOK_MS = 25;

/**
 * Follows every commit of a cluster and notes what must never be: over-commitment, a pod that changes its node without
 * a new uid, a pod bound to a node that cannot take it, two machines that run one pod, versions that do not rise. It
 * counts for itself, from the stored objects alone.
 */
export class Invariants {
  readonly violations: string[] = [];
  readonly #cluster: ClusterUnderTest;
  readonly #nodes = new Map<string, Node>();
  readonly #pods = new Map<string, Pod>();
  readonly #stop: () => void;
  #revision = 0;
  #looks = 0;

  constructor(cluster: ClusterUnderTest) {
    this.#cluster = cluster;
    const unwatch = cluster.store.watch("", cluster.store.revision, (changes) => {
      for (const change of changes) this.#follow(change);
      this.#checkRunning();
    });
    // Machines start and stop pods before they say so: the truth is looked at between the commits, too.
    const look = cluster.clock.every(LOOK_MS, () => this.#checkRunning());
    this.#stop = () => {
      unwatch();
      look.cancel();
    };
  }

  /** How often running pods were seen and compared. */
  get looks(): number {
    return this.#looks;
  }

  stop(): void {
    this.#stop();
  }

  /** Unfinished pods without a node that would fit on a node that takes pods: none may be left once all is well. */
  waitingThoughTheyFit(): readonly string[] {
    const waiting = [...this.#pods.values()].filter(
      (pod) => pod.spec.nodeName === undefined && !isFinished(pod),
    );
    const open = [...this.#nodes.values()].filter(takesPods);
    return waiting.flatMap((pod) => {
      const node = open.find((candidate) => this.#fits(pod, candidate));
      return node === undefined ? [] : [`${pod.metadata.name} fits on ${node.metadata.name}`];
    });
  }

  /** Pods that have a node and should run by now, but do not. */
  placedButNotRunning(): readonly string[] {
    const truly = new Set(this.#cluster.runningPods().map(({ uid }) => uid));
    return [...this.#pods.values()]
      .filter((pod) => pod.spec.nodeName !== undefined && !isFinished(pod))
      .filter((pod) => pod.status.phase !== "Running" || !truly.has(pod.metadata.uid))
      .map((pod) => `${pod.metadata.name} on ${pod.spec.nodeName}: ${pod.status.phase}`);
  }

  #follow({ before, after, revision }: Change): void {
    if (revision < this.#revision) this.#note(`revision ${revision} after ${this.#revision}`);
    this.#revision = revision;
    const object = (after ?? before) as KubeObject;
    if (object.kind === "Node") {
      if (after === undefined) this.#nodes.delete(object.metadata.name);
      else this.#nodes.set(object.metadata.name, after as Node);
    } else if (object.kind === "Pod") {
      this.#followPod(before as Pod | undefined, after as Pod | undefined);
    }
  }

  #followPod(before: Pod | undefined, after: Pod | undefined): void {
    const key = keyText(keyOf((after ?? before) as Pod));
    if (after === undefined) {
      this.#pods.delete(key);
      return;
    }
    this.#pods.set(key, after);
    const { nodeName } = after.spec;
    const had = before?.metadata.uid === after.metadata.uid ? before.spec.nodeName : undefined;
    if (nodeName === had || nodeName === undefined) return;
    if (had !== undefined) this.#note(`${key} moved from ${had} to ${nodeName} under one uid`);
    const node = this.#nodes.get(nodeName);
    if (node === undefined || !takesPods(node))
      this.#note(`${key} bound to ${nodeName}, which takes no pods`);
    else this.#checkRoom(node);
  }

  #checkRoom(node: Node): void {
    for (const resource of RESOURCES) {
      const free = this.#free(node, resource);
      if (free < 0) this.#note(`${node.metadata.name} over-committed by ${-free} ${resource}`);
    }
  }

  #fits(pod: Pod, node: Node): boolean {
    return RESOURCES.every((resource) => requested(pod, resource) <= this.#free(node, resource));
  }

  #free(node: Node, resource: string): number {
    const total = resourceAmount(resource, node.status.allocatable?.[resource] ?? "0");
    const here = [...this.#pods.values()].filter(
      (pod) => pod.spec.nodeName === node.metadata.name && !isFinished(pod),
    );
    return here.reduce((free, pod) => free - requested(pod, resource), total);
  }

  #checkRunning(): void {
    const seen = new Map<string, string>();
    for (const { namespace, name, nodeName } of this.#cluster.runningPods()) {
      this.#looks++;
      const key = `${namespace}/${name}`;
      if (seen.has(key)) this.#note(`${key} runs on ${seen.get(key)} and on ${nodeName}`);
      seen.set(key, nodeName);
    }
  }

  #note(text: string): void {
    this.violations.push(`${this.#cluster.clock.monotonicMs()} ms: ${text}`);
  }
}

function takesPods(node: Node): boolean {
  return isNodeReady(node) && node.spec.unschedulable !== true;
}

function requested(pod: Pod, resource: string): number {
  return pod.spec.containers.reduce(
    (sum, { resources }) => sum + resourceAmount(resource, resources?.requests?.[resource] ?? "0"),
    0,
  );
}
