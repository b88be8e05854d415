import type { NodeUsage, PodUsage, Usage, UsageReader } from "../agents/usage.ts";
import type { Lookup } from "../api/admission/admission.ts";
import { notFound } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import { type NodeMetrics, nodeMetrics, type PodMetrics, podMetrics } from "../api/kinds/metrics.ts";
import { nodes } from "../api/kinds/node.ts";
import { pods } from "../api/kinds/pod.ts";
import { type KubeObject, type ObjectKey, timestamp } from "../api/meta.ts";
import type { Clock } from "../clock/clock.ts";
import type { ComputedKind } from "../store/computed.ts";

/** What a metrics server measures over, unless it is told otherwise. */
const WINDOW = "15s";

/** Where usage is read; the agents start after the Objects that serve it. */
export class UsageReaders {
  readonly all: UsageReader[] = [];
}

/** NodeMetrics, computed from what the kubelets of all agents say. */
export class ComputedNodeMetrics implements ComputedKind {
  readonly kind = nodeMetrics;
  readonly #readers: UsageReaders;
  readonly #clock: Clock;
  readonly #lookup: Lookup;

  constructor(readers: UsageReaders, clock: Clock, lookup: Lookup) {
    this.#readers = readers;
    this.#clock = clock;
    this.#lookup = lookup;
  }

  get(key: ObjectKey): NodeMetrics {
    for (const reader of this.#readers.all) {
      const found = reader.node(key.name);
      if (found !== undefined) return this.#object(found);
    }
    throw notMeasured(this.#lookup, nodes, nodeMetrics, key);
  }

  list(): readonly NodeMetrics[] {
    const found = this.#readers.all.flatMap((reader) => [...reader.nodes()]);
    return found.map((each) => this.#object(each)).sort(byKey);
  }

  #object({ node, usage }: NodeUsage): NodeMetrics {
    const now = this.#clock.now();
    return {
      ...head("NodeMetrics", node, now),
      timestamp: timestamp(now),
      window: WINDOW,
      usage: texts(usage),
    };
  }
}

/** PodMetrics, computed from what the kubelets of all agents say. */
export class ComputedPodMetrics implements ComputedKind {
  readonly kind = podMetrics;
  readonly #readers: UsageReaders;
  readonly #clock: Clock;
  readonly #lookup: Lookup;

  constructor(readers: UsageReaders, clock: Clock, lookup: Lookup) {
    this.#readers = readers;
    this.#clock = clock;
    this.#lookup = lookup;
  }

  get(key: ObjectKey): PodMetrics {
    for (const reader of this.#readers.all) {
      const found = reader.pod(key);
      if (found !== undefined) return this.#object(found);
    }
    throw notMeasured(this.#lookup, pods, podMetrics, key);
  }

  list({ namespace }: { readonly namespace?: string }): readonly PodMetrics[] {
    const found = this.#readers.all.flatMap((reader) => [...reader.pods(namespace)]);
    return found.map((each) => this.#object(each)).sort(byKey);
  }

  #object({ pod, containers }: PodUsage): PodMetrics {
    const now = this.#clock.now();
    return {
      ...head("PodMetrics", pod, now),
      timestamp: timestamp(now),
      window: WINDOW,
      containers: containers.map(({ name, usage }) => ({ name, usage: texts(usage) })),
    };
  }
}

/** NotFound in a metrics server's words: what is not there, or what is there and was not measured. */
function notMeasured<T extends KubeObject>(
  lookup: Lookup,
  kind: Kind<T>,
  metrics: Pick<Kind, "group" | "kind">,
  key: ObjectKey,
): Error {
  if (lookup.get(kind, key) === undefined) return notFound(kind, key.name);
  const { namespace, name } = key;
  const named = { ...kind, group: metrics.group, kind: metrics.kind, plural: metrics.kind.toLowerCase() };
  return notFound(named, namespace === undefined ? name : `${namespace}/${name}`);
}

/** Named and labelled like what was measured, so that selectors work. */
function head(kind: string, { metadata }: KubeObject, now: number): KubeObject {
  const { name, namespace, labels } = metadata;
  return {
    apiVersion: "metrics.k8s.io/v1beta1",
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      creationTimestamp: timestamp(now),
      ...(labels && { labels }),
    } as KubeObject["metadata"],
  };
}

/** As a metrics server writes them: nano cores and whole kibibytes. */
function texts({ cpu, memory }: Usage): Readonly<Record<string, string>> {
  return { cpu: `${Math.round(cpu * 1e9)}n`, memory: `${Math.ceil(memory / 1_024)}Ki` };
}

function byKey({ metadata: left }: KubeObject, { metadata: right }: KubeObject): number {
  const [a, b] = [`${left.namespace}/${left.name}`, `${right.namespace}/${right.name}`];
  return a < b ? -1 : a > b ? 1 : 0;
}
