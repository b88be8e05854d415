import { type ClusterSettings, clusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import { events } from "../../src/api/kinds/event.ts";
import { type Node, nodes } from "../../src/api/kinds/node.ts";
import { type Pod, type PodPhase, type PodSpec, pods } from "../../src/api/kinds/pod.ts";
import type { SchedulingDecision } from "../../src/api/kinds/scheduling-decision.ts";
import type { Condition, ObjectMeta } from "../../src/api/meta.ts";
import { modify } from "../../src/api/modify.ts";
import type { Objects } from "../../src/api/objects.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { withinTime } from "../../src/cluster/within-time.ts";
import { createRandom } from "../../src/lib/random.ts";
import { type RunningScheduler, startScheduler } from "../../src/scheduler/scheduler.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";

type Quantities = Readonly<Record<string, string>>;

/** The scheduler alone on a virtual clock over a real store: nobody runs pods or looks after nodes but the test. */
export class SchedulerUnderTest {
  readonly clock = new VirtualClock();
  readonly errors: unknown[] = [];
  readonly objects: Objects;
  #scheduler: RunningScheduler | undefined;
  #starts = 0;

  private constructor() {
    const random = createRandom("scheduler under test");
    this.objects = new StoredObjects({ store: new MemoryStore(), clock: this.clock, random });
  }

  /** @param around puts something between the scheduler and the store, to make it fail */
  static async start(
    around: (objects: Objects) => Objects = (objects) => objects,
  ): Promise<SchedulerUnderTest> {
    const cluster = new SchedulerUnderTest();
    await bootstrap(cluster.objects, { strategy: "first-fit", seed: "1" });
    await cluster.startScheduler(around);
    return cluster;
  }

  async startScheduler(around: (objects: Objects) => Objects = (objects) => objects): Promise<void> {
    this.#scheduler = await startScheduler({
      objects: around(this.objects),
      clock: this.clock,
      // As in a whole cluster, a restart does not draw the same names again.
      random: createRandom("1").stream(`start ${++this.#starts}`),
      onError: (error) => this.errors.push(error),
      withinTime: (_, what, work) => withinTime(200, what, work),
      loadStrategy: async (source) => {
        const url = `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`;
        return ((await import(url)) as { default?: unknown }).default;
      },
    });
    await this.settle();
  }

  stopScheduler(): void {
    this.#scheduler?.stop();
  }

  settle(): Promise<void> {
    return this.clock.settle();
  }

  async addNode(name: string, capacity: Quantities, rest: NodeRest = {}): Promise<void> {
    await this.objects.create<Node>(nodes, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: rest.labels ?? {} },
      spec: rest.spec ?? {},
      status: { capacity, conditions: [readyCondition(rest.ready ?? "True")] },
    });
  }

  async addPod(name: string, requests: Quantities, rest: PodRest = {}): Promise<Pod> {
    return this.objects.create<Pod>(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", annotations: rest.annotations ?? {} },
      spec: { containers: [{ name: "main", image: "none", resources: { requests } }], ...rest.spec },
      status: { phase: "Pending" },
    });
  }

  /** Changes a Node as whoever owns it would. */
  async changeNode(name: string, change: (node: Node) => Node): Promise<void> {
    await modify(this.objects, nodes, { name }, (node) => {
      const { spec, metadata } = change(node);
      return { ...node, spec, metadata };
    });
    await modify(this.objects, nodes, { name }, (node) => ({ ...node, status: change(node).status }), {
      subresource: "status",
    });
  }

  setReady(name: string, status: Condition["status"]): Promise<void> {
    return this.changeNode(name, (node) => ({
      ...node,
      status: { ...node.status, conditions: [readyCondition(status)] },
    }));
  }

  /** Ends a pod's life as its node would. */
  async finish(name: string, phase: PodPhase = "Succeeded"): Promise<void> {
    const key = { namespace: "default", name };
    await modify(this.objects, pods, key, (pod) => ({ ...pod, status: { ...pod.status, phase } }), {
      subresource: "status",
    });
  }

  async remove(name: string): Promise<void> {
    await this.objects.delete(pods, { namespace: "default", name }, { gracePeriodSeconds: 0 });
  }

  pod(name: string): Promise<Pod> {
    return this.objects.get(pods, { namespace: "default", name });
  }

  /** `undefined` while it waits. */
  async nodeOf(name: string): Promise<string | undefined> {
    return (await this.pod(name)).spec.nodeName;
  }

  /** Where every pod is, by name; `-` while it waits. */
  async places(): Promise<Record<string, string>> {
    const { items } = await this.objects.list(pods);
    return Object.fromEntries(items.map((pod) => [pod.metadata.name, pod.spec.nodeName ?? "-"]));
  }

  /** What events say about a pod, oldest first. */
  async messages(name: string): Promise<string[]> {
    const { items } = await this.objects.list(events);
    const about = items.filter(({ involvedObject }) => involvedObject.name === name);
    about.sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
    return about.map(({ message }) => message ?? "");
  }

  async scheduledCondition(name: string): Promise<Condition | undefined> {
    const { status } = await this.pod(name);
    return status.conditions?.find(({ type }) => type === "PodScheduled");
  }

  decision(name: string): SchedulingDecision | undefined {
    return this.#scheduler?.decisions.get({ namespace: "default", name });
  }

  decisions(): readonly SchedulingDecision[] {
    return this.#scheduler?.decisions.list() ?? [];
  }

  settings(): Promise<ClusterSettings> {
    return this.objects.get(clusterSettings, { name: "cluster" });
  }

  async setStrategy(strategy: string, source?: string): Promise<void> {
    await modify(this.objects, clusterSettings, { name: "cluster" }, (settings): ClusterSettings => {
      const spec = { ...settings.spec, strategy };
      return {
        ...settings,
        spec: source === undefined ? spec : { ...spec, customStrategy: { name: strategy, source } },
      };
    });
  }
}

interface NodeRest {
  readonly labels?: Record<string, string>;
  readonly spec?: Node["spec"];
  readonly ready?: Condition["status"];
}

interface PodRest {
  readonly spec?: Partial<PodSpec>;
  readonly annotations?: NonNullable<ObjectMeta["annotations"]>;
}

function readyCondition(status: Condition["status"]): Condition {
  return { type: "Ready", status, reason: "KubeletReady" };
}

/** The same objects but for actions, such as bindings, which `act` answers; it may pass them on. */
export function withAct(objects: Objects, act: Objects["act"]): Objects {
  return {
    get: objects.get.bind(objects),
    list: objects.list.bind(objects),
    watch: objects.watch.bind(objects),
    create: objects.create.bind(objects),
    update: objects.update.bind(objects),
    patch: objects.patch.bind(objects),
    delete: objects.delete.bind(objects),
    act,
  };
}
