import type { Kind } from "../api/kind.ts";
import { type ClusterSettings, clusterSettings, timingProfileOf } from "../api/kinds/cluster-settings.ts";
import { type Lease, leases } from "../api/kinds/lease.ts";
import { type Node, nodes } from "../api/kinds/node.ts";
import { type Pod, pods } from "../api/kinds/pod.ts";
import type { LocalCopies } from "../api/local-copies.ts";
import type { KubeObject } from "../api/meta.ts";
import { DEFAULT_TIMING_PROFILE, TIMING_PROFILES, type TimingProfile } from "../api/timing-profiles.ts";
import { OwnedObjects } from "./owned-objects.ts";
import { SharedInformer } from "./shared-informer.ts";

/**
 * The one local copy of the cluster that all controllers share. Everything in it follows the server by watches, so it
 * may be a moment behind: who acts on what is *missing* from it asks the server first.
 */
export class ClusterView {
  readonly nodes: SharedInformer<Node>;
  readonly pods: SharedInformer<Pod>;
  readonly leases: SharedInformer<Lease>;
  readonly settings: SharedInformer<ClusterSettings>;
  /** Pods by the controller that manages them. */
  readonly ownedPods: OwnedObjects<Pod>;
  readonly #copies: LocalCopies;
  readonly #informers = new Map<unknown, SharedInformer<KubeObject>>();
  readonly #podsByNode = new Map<string, Map<string, Pod>>();
  #profile: TimingProfile = TIMING_PROFILES[DEFAULT_TIMING_PROFILE];

  constructor(copies: LocalCopies) {
    this.nodes = new SharedInformer(copies, nodes);
    this.pods = new SharedInformer(copies, pods);
    this.leases = new SharedInformer(copies, leases);
    this.settings = new SharedInformer(copies, clusterSettings);
    this.#copies = copies;
    for (const informer of [this.nodes, this.pods, this.leases, this.settings]) {
      this.#informers.set(informer.kind, informer as unknown as SharedInformer<KubeObject>);
    }
    this.ownedPods = new OwnedObjects(this.pods);
    this.pods.join({ changed: (before, after) => this.#indexPod(before, after) });
    this.settings.join({
      changed: (_, settings) => {
        if (settings !== undefined) this.#profile = timingProfileOf(settings);
      },
    });
  }

  /** The timing profile in force. */
  get profile(): TimingProfile {
    return this.#profile;
  }

  async start(): Promise<void> {
    await this.settings.start();
    await this.nodes.start();
    await this.pods.start();
    await this.leases.start();
  }

  stop(): void {
    for (const informer of this.#informers.values()) informer.stop();
  }

  /** The local copy of any kind; it is followed from the first time on that somebody asks for it. */
  async follow<T extends KubeObject>(kind: Kind<T>): Promise<SharedInformer<T>> {
    let informer = this.#informers.get(kind) as unknown as SharedInformer<T> | undefined;
    if (informer === undefined) {
      informer = new SharedInformer(this.#copies, kind);
      this.#informers.set(kind, informer as unknown as SharedInformer<KubeObject>);
    }
    await informer.start();
    return informer;
  }

  /** Ends the local copy of a kind that is not served any more. */
  forget(kind: Kind): void {
    this.#informers.get(kind)?.stop();
    this.#informers.delete(kind);
  }

  /** The pods bound to a node, in the order in which they were bound. */
  podsOn(nodeName: string): readonly Pod[] {
    return [...(this.#podsByNode.get(nodeName)?.values() ?? [])];
  }

  #indexPod(before: Pod | undefined, after: Pod | undefined): void {
    const left = before?.spec.nodeName;
    const joined = after?.spec.nodeName;
    if (before !== undefined && left !== undefined && left !== joined) {
      const known = this.#podsByNode.get(left);
      known?.delete(before.metadata.uid);
      if (known?.size === 0) this.#podsByNode.delete(left);
    }
    if (after === undefined || joined === undefined) return;
    let known = this.#podsByNode.get(joined);
    if (known === undefined) {
      known = new Map();
      this.#podsByNode.set(joined, known);
    }
    known.set(after.metadata.uid, after);
  }
}
