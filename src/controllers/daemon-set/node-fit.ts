import type { Node } from "../../api/kinds/node.ts";
import type { Pod, PodSpec, Toleration } from "../../api/kinds/pod.ts";
import { meetsNodeAffinity } from "../../api/node-selector.ts";
import { tolerates } from "../../api/tolerations.ts";
import { Taint } from "../../api/well-known.ts";

/** What every pod of a DaemonSet tolerates: it belongs to its node, whatever happens to that. */
const TOLERATIONS: readonly Toleration[] = [
  { key: Taint.notReady, operator: "Exists", effect: "NoExecute" },
  { key: Taint.unreachable, operator: "Exists", effect: "NoExecute" },
  ...[Taint.diskPressure, Taint.memoryPressure, Taint.pidPressure, Taint.unschedulable].map(
    (key): Toleration => ({ key, operator: "Exists", effect: "NoSchedule" }),
  ),
];
const NETWORK: Toleration = { key: Taint.networkUnavailable, operator: "Exists", effect: "NoSchedule" };

/** The tolerations of a DaemonSet's pods: those of its template, and the usual ones it does not have. */
export function daemonTolerations({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  const usual = hostNetwork ? [...TOLERATIONS, NETWORK] : TOLERATIONS;
  const has = ({ key, effect }: Toleration) =>
    tolerations.some(
      (own) => own.key === key && own.effect === effect && own.tolerationSeconds === undefined,
    );
  return [...tolerations, ...usual.filter((toleration) => !has(toleration))];
}

/** Whether a pod of the template should be made on the node, and whether one that is there may stay. */
export function fitOf(spec: PodSpec, node: Node): { readonly make: boolean; readonly keep: boolean } {
  if (!isAllowed(spec, node)) return { make: false, keep: false };
  const tolerations = daemonTolerations(spec);
  const taints = (node.spec.taints ?? []).filter((taint) => !tolerates(tolerations, taint));
  const keep = !taints.some(({ effect }) => effect === "NoExecute");
  return { make: keep && !taints.some(({ effect }) => effect === "NoSchedule"), keep };
}

/** The template's spec for one node: the scheduler binds the pod to that node or to none. */
export function specForNode(spec: PodSpec, nodeName: string): Partial<PodSpec> {
  const only = { key: "metadata.name", operator: "In", values: [nodeName] } as const;
  const { affinity = {} } = spec;
  const required = affinity.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms.map((term) => ({ ...term, matchFields: [only] }));
  return {
    tolerations: daemonTolerations(spec),
    affinity: {
      ...affinity,
      nodeAffinity: {
        ...affinity.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: terms ?? [{ matchFields: [only] }],
        },
      },
    },
  };
}

/** The node that a pod is on, or is for; undefined when it says neither. */
export function targetOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields = [] } of required?.nodeSelectorTerms ?? []) {
    const only = matchFields.find(({ key, operator }) => key === "metadata.name" && operator === "In");
    if (only?.values?.[0] !== undefined) return only.values[0];
  }
  return undefined;
}

function isAllowed(spec: PodSpec, { metadata }: Node): boolean {
  const { nodeName } = spec;
  const { name, labels = {} } = metadata;
  if (nodeName !== undefined && nodeName !== "" && nodeName !== name) return false;
  return meetsNodeAffinity(spec, { name, labels });
}
