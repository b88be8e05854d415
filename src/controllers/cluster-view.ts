import { type ClusterSettings, clusterSettings, timingProfileOf } from "../api/kinds/cluster-settings.ts";
import { type Lease, leases } from "../api/kinds/lease.ts";
import { type Node, nodes } from "../api/kinds/node.ts";
import { type Pod, pods } from "../api/kinds/pod.ts";
import type { Objects } from "../api/objects.ts";
import { DEFAULT_TIMING_PROFILE, TIMING_PROFILES, type TimingProfile } from "../api/timing-profiles.ts";
import type { Clock } from "../clock/clock.ts";
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
  readonly #podsByNode = new Map<string, Map<string, Pod>>();
  #profile: TimingProfile = TIMING_PROFILES[DEFAULT_TIMING_PROFILE];

  constructor(objects: Objects, clock: Clock) {
    this.nodes = new SharedInformer(objects, clock, nodes);
    this.pods = new SharedInformer(objects, clock, pods);
    this.leases = new SharedInformer(objects, clock, leases);
    this.settings = new SharedInformer(objects, clock, clusterSettings);
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
    for (const informer of [this.settings, this.nodes, this.pods, this.leases]) informer.stop();
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
