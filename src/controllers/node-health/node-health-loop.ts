import { isReason } from "../../api/errors.ts";
import { EventRecorder } from "../../api/event-recorder.ts";
import type { Lease } from "../../api/kinds/lease.ts";
import { isNodeReady, type Node, nodeCondition, nodes } from "../../api/kinds/node.ts";
import { timestamp } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { OWN_STATUS } from "../../api/objects.ts";
import type { TimingProfile } from "../../api/timing-profiles.ts";
import { NODE_LEASE_NAMESPACE } from "../../api/well-known.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { withSilentKubelet } from "./conditions.ts";
import { Heartbeats } from "./heartbeats.ts";
import { markPodsNotReady } from "./pod-readiness.ts";
import { withTaints } from "./taints.ts";
import { ZoneEvictions } from "./zone-evictions.ts";

/** The loop of the node-health controller: what it sees, and what it writes about each node. */
export class NodeHealthLoop {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;
  readonly #heartbeats: Heartbeats;
  readonly #zones: ZoneEvictions;
  readonly #work: KeyedWork;
  readonly #leave: (() => void)[] = [];
  #profile: TimingProfile;
  #isStarting = true;
  #isStopped = false;

  constructor(context: ControllerContext) {
    const { clock, view } = context;
    this.#context = context;
    this.#profile = view.profile;
    this.#recorder = new EventRecorder({ ...context, component: "node-controller" });
    this.#work = new KeyedWork(context, (nodeName) => this.#write(nodeName));
    this.#heartbeats = new Heartbeats(
      clock,
      () => this.#profile,
      (nodeName) => this.#refresh(nodeName),
    );
    this.#zones = new ZoneEvictions({
      clock,
      isOn: () => this.#profile.zoneLimits,
      nodes: () => view.nodes.values(),
      nextCheckMs: () => this.#heartbeats.nextCheckMs(),
      check: (atMs) => this.#heartbeats.check(atMs),
      isLost: (nodeName) => this.#heartbeats.isLost(nodeName),
      onChange: (nodeName) => this.#refresh(nodeName),
      onReturn: () => this.#heartbeats.reset(),
    });
  }

  start(): void {
    const { view } = this.#context;
    this.#leave.push(
      view.settings.join({ changed: () => this.#followProfile() }),
      view.nodes.join({ changed: (before, after) => this.#nodeChanged(before, after) }),
      view.leases.join({ changed: (before, after) => this.#leaseChanged(before, after) }),
    );
    this.#isStarting = false;
  }

  stop(): void {
    this.#isStopped = true;
    for (const leave of this.#leave) leave();
    this.#heartbeats.stop();
    this.#zones.stop();
    this.#work.stop();
  }

  #followProfile(): void {
    const { profile, nodes } = this.#context.view;
    if (profile === this.#profile) return;
    this.#profile = profile;
    this.#heartbeats.followProfile();
    for (const node of nodes.values()) {
      if (isNodeReady(node)) continue;
      this.#zones.update(node.metadata.name, node);
      this.#refresh(node.metadata.name);
    }
  }

  #nodeChanged(before: Node | undefined, after: Node | undefined): void {
    const { name } = ((after ?? before) as Node).metadata;
    this.#zones.update(name, after);
    if (after === undefined) {
      this.#heartbeats.forget(name);
      this.#tell(before as Node, "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`);
      return;
    }
    if (before === undefined) this.#nodeAdded(name, after);
    else if (isKubeletsPost(before, after)) this.#heartbeats.posted(name);
    if (before !== undefined && isNodeReady(before) && !isNodeReady(after)) {
      this.#tell(after, "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      this.#markPodsSoon(name);
    }
    this.#refresh(name);
  }

  #nodeAdded(name: string, node: Node): void {
    const { leases } = this.#context.view;
    const lease = leases.get({ namespace: NODE_LEASE_NAMESPACE, name });
    this.#heartbeats.track(name, nodeCondition(node, "Ready") !== undefined, lease);
    if (!this.#isStarting) {
      this.#tell(node, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
    } else if (!isNodeReady(node)) {
      // Whoever ran before may have been stopped half-way.
      markPodsNotReady(this.#context, this.#recorder, name);
    }
  }

  #leaseChanged(before: Lease | undefined, after: Lease | undefined): void {
    const { namespace } = ((after ?? before) as Lease).metadata;
    if (namespace === NODE_LEASE_NAMESPACE) this.#heartbeats.leaseChanged(before, after);
  }

  /** Pods that tolerate no lost node leave at once, and nobody need be told that they are not ready. */
  #markPodsSoon(nodeName: string): void {
    this.#context.clock.after(0, () => {
      const node = this.#context.view.nodes.get({ name: nodeName });
      if (this.#isStopped || node === undefined || isNodeReady(node)) return;
      markPodsNotReady(this.#context, this.#recorder, nodeName);
    });
  }

  /** Writes about the node if there is something to write. */
  #refresh(nodeName: string): void {
    const node = this.#context.view.nodes.get({ name: nodeName });
    if (node !== undefined && this.#shown(this.#judged(node)) !== node) this.#work.request(nodeName);
  }

  async #write(nodeName: string): Promise<void> {
    const { objects } = this.#context;
    const key = { name: nodeName };
    try {
      if (this.#heartbeats.isLost(nodeName)) {
        await modify(objects, nodes, key, (node) => this.#judged(node), OWN_STATUS);
      }
      await modify(objects, nodes, key, (node) => this.#shown(node));
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }

  /** The node with the conditions that its heartbeats deserve. */
  #judged(node: Node): Node {
    return this.#heartbeats.isLost(node.metadata.name) ? withSilentKubelet(node, this.#time()) : node;
  }

  /** The node with the taints that its conditions deserve. */
  #shown(node: Node): Node {
    const evicts = !this.#profile.zoneLimits || this.#zones.isGranted(node.metadata.name);
    return withTaints(node, evicts, this.#time());
  }

  #time(): string {
    return timestamp(this.#context.clock.now());
  }

  #tell(node: Node, reason: string, message: string): void {
    this.#recorder.record(node, "Normal", reason, message);
  }
}

/** True when it was the kubelet that wrote the status; this controller leaves the time of the heartbeat alone. */
function isKubeletsPost(before: Node, after: Node): boolean {
  const was = nodeCondition(before, "Ready");
  const is = nodeCondition(after, "Ready");
  if (is === undefined || is.status === "Unknown") return false;
  return is.lastHeartbeatTime !== was?.lastHeartbeatTime || is.status !== was?.status;
}
