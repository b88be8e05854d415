import type { RunningPod } from "../../src/agents/agent.ts";
import type { ContainerAccess } from "../../src/api/container-access.ts";
import type { Kind } from "../../src/api/kind.ts";
import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
} from "../../src/api/kinds/cluster-settings.ts";
import { type Event, events } from "../../src/api/kinds/event.ts";
import { type Node, nodes } from "../../src/api/kinds/node.ts";
import { type NodeFault, nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { modify } from "../../src/api/modify.ts";
import type { Objects } from "../../src/api/objects.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { startControlPlane } from "../../src/cluster/control-plane.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/store.ts";

const NAMESPACE = "default";

export interface NodeOptions {
  readonly cpu?: string;
  readonly memory?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface PodOptions {
  readonly cpu?: string;
  readonly memory?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  /** Places it without the scheduler. */
  readonly nodeName?: string;
  readonly spec?: Partial<Pod["spec"]>;
  readonly metadata?: Partial<Pod["metadata"]>;
}

export interface StartOptions {
  readonly settings?: Partial<ClusterSettings["spec"]>;
  readonly clock?: VirtualClock;
  /** A store with what an earlier cluster left. */
  readonly store?: Store;
}

/** A whole cluster on a virtual clock, with the words that scenarios are written in. */
export class ClusterUnderTest {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly objects: Objects;
  /** What parts of the cluster could not handle; a good scenario leaves it empty. */
  readonly errors: readonly unknown[];
  /** The truth about what machines run. */
  readonly runningPods: () => readonly RunningPod[];
  /** What the kubelets do for clients of an API server. */
  readonly kubelets: readonly ContainerAccess[];
  readonly stop: () => void;

  private constructor(
    parts: Pick<
      ClusterUnderTest,
      "clock" | "store" | "objects" | "errors" | "runningPods" | "kubelets" | "stop"
    >,
  ) {
    this.clock = parts.clock;
    this.store = parts.store;
    this.objects = parts.objects;
    this.errors = parts.errors;
    this.runningPods = parts.runningPods;
    this.kubelets = parts.kubelets;
    this.stop = parts.stop;
  }

  static async start(options: StartOptions = {}): Promise<ClusterUnderTest> {
    const { clock = new VirtualClock(), store = new MemoryStore(), settings = {} } = options;
    const errors: unknown[] = [];
    const starting = startControlPlane({
      store,
      clock,
      settings: { seed: "scenario", ...settings },
      onError: (part, error) => errors.push([part, error]),
    });
    const { objects, runningPods, kubelets, stop } = await starting;
    return new ClusterUnderTest({ clock, store, objects, errors, runningPods, kubelets, stop });
  }

  async addNode(
    name: string,
    { cpu = "4", memory = "16Gi", labels, annotations }: NodeOptions = {},
  ): Promise<Node> {
    return await this.objects.create<Node>(nodes, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
      spec: {},
      status: { capacity: { cpu, memory, pods: "110" } },
    });
  }

  async addNodes(count: number, options: NodeOptions = {}): Promise<readonly string[]> {
    const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`);
    for (const name of names) await this.addNode(name, options);
    await this.clock.settle();
    return names;
  }

  async launch(name: string, options: PodOptions = {}): Promise<Pod> {
    const { cpu = "1", memory = "1Gi", annotations, restartPolicy, nodeName } = options;
    return await this.objects.create<Pod>(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: NAMESPACE, ...(annotations && { annotations }), ...options.metadata },
      spec: {
        containers: [{ name: "main", image: "busybox", resources: { requests: { cpu, memory } } }],
        ...(restartPolicy && { restartPolicy }),
        ...(nodeName && { nodeName }),
        ...options.spec,
      },
      status: { phase: "Pending" },
    });
  }

  async fail(nodeName: string, fault = "node-crash"): Promise<void> {
    await this.objects.create<NodeFault>(nodeFaults, {
      apiVersion: "kubesim.dev/v1alpha1",
      kind: "NodeFault",
      metadata: { name: `${nodeName}-${fault}` },
      spec: { nodeName, fault, origin: "user" },
      status: {},
    });
  }

  async heal(nodeName: string, fault = "node-crash"): Promise<void> {
    await this.objects.delete(nodeFaults, { name: `${nodeName}-${fault}` });
  }

  /** Removes the Node object, as a force does: nobody asks its pods first. */
  async removeNode(name: string): Promise<void> {
    await this.objects.delete(nodes, { name });
  }

  node(name: string): Promise<Node> {
    return this.objects.get(nodes, { name });
  }

  pod(name: string): Promise<Pod> {
    return this.objects.get(pods, { namespace: NAMESPACE, name });
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.objects.list(pods)).items;
  }

  async deletePod(name: string): Promise<void> {
    await this.objects.delete(pods, { namespace: NAMESPACE, name });
  }

  async evict(name: string): Promise<void> {
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: NAMESPACE } };
    await this.objects.act(pods as unknown as Kind, { namespace: NAMESPACE, name }, "eviction", eviction);
  }

  async events(reason: string): Promise<readonly Event[]> {
    const { items } = await this.objects.list(events);
    return items.filter((event) => event.reason === reason);
  }

  async set(spec: Partial<ClusterSettings["spec"]>): Promise<void> {
    const key = { name: CLUSTER_SETTINGS_NAME };
    await modify(this.objects, clusterSettings, key, (now) => ({ ...now, spec: { ...now.spec, ...spec } }));
  }

  async cordon(name: string, unschedulable = true): Promise<void> {
    await modify(this.objects, nodes, { name }, (node) => ({
      ...node,
      spec: { ...node.spec, unschedulable },
    }));
  }
}
