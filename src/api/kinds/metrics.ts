import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { formatResource, resourceAmount } from "../quantity.ts";
import { NAME, textColumn } from "./columns.ts";

type Quantities = Readonly<Record<string, string>>;

/** metrics.k8s.io/v1beta1 NodeMetrics: what a node uses. Measured when it is asked for. */
export interface NodeMetrics extends KubeObject {
  readonly timestamp: string;
  /** How long it was measured, e.g. `15s`. */
  readonly window: string;
  readonly usage: Quantities;
}

/** metrics.k8s.io/v1beta1 PodMetrics: what the containers of a pod use. */
export interface PodMetrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: Quantities }[];
}

const METRICS = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  shortNames: [],
  categories: [],
  readOnly: true,
  statusSubresource: false,
  selectableFields: {},
} as const;

export const nodeMetrics: Kind<NodeMetrics> = {
  ...METRICS,
  kind: "NodeMetrics",
  plural: "nodes",
  singular: "",
  namespaced: false,
  schema: "io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetrics",
  columns: columnsOf(({ usage }) => [usage]),
};

export const podMetrics: Kind<PodMetrics> = {
  ...METRICS,
  kind: "PodMetrics",
  plural: "pods",
  singular: "",
  namespaced: true,
  schema: "io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics",
  columns: columnsOf(({ containers = [] }) => containers.map(({ usage }) => usage)),
};

/** The sum of a resource, in milli cores or bytes. */
export function measuredAmount(
  usages: readonly (Quantities | undefined)[],
  resource: "cpu" | "memory",
): number {
  return usages.reduce((sum, usage) => sum + resourceAmount(resource, usage?.[resource] ?? "0"), 0);
}

function columnsOf<T extends NodeMetrics | PodMetrics>(
  usagesOf: (object: T) => readonly (Quantities | undefined)[],
): Kind<T>["columns"] {
  const sum = (resource: "cpu" | "memory") => (object: T) => {
    const amount = measuredAmount(usagesOf(object), resource);
    return resource === "cpu" ? `${amount}m` : formatResource(resource, Math.ceil(amount / 1_024) * 1_024);
  };
  return [
    NAME,
    textColumn("CPU", "Cores in use.", sum("cpu")),
    textColumn("Memory", "Bytes in use.", sum("memory")),
    textColumn("Window", "How long it was measured.", ({ window }) => window),
  ] as Kind<T>["columns"];
}
