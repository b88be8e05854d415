import type { Pod } from "../../api/kinds/pod.ts";
import { SYSTEM_CLASSES } from "../../api/kinds/priority-class.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { NAMESPACES } from "../files/as-new.ts";
import type { Arrival, ArrivingObject } from "../prepared.ts";

/** What a workload needs and nobody brings: its namespaces, and the priority classes of pods of a cluster. */
export function surroundings(arrivals: readonly Arrival[]): readonly Arrival[] {
  const foreign = arrivals.filter((arrival) => "draft" in arrival && !arrival.isOwn) as ArrivingObject[];
  const brought = new Set(foreign.map(({ draft }) => `${draft.kind}/${draft.metadata.name}`));
  const missing = new Map<string, Draft<KubeObject>>();
  const need = (kind: string, name: string, draft: object) => {
    const key = `${kind}/${name}`;
    if (!brought.has(key)) missing.set(key, { kind, metadata: { name }, ...draft } as Draft<KubeObject>);
  };
  for (const { draft } of foreign) {
    const { namespace } = draft.metadata;
    if (namespace !== undefined && !NAMESPACES.includes(namespace)) {
      need("Namespace", namespace, { apiVersion: "v1", spec: {}, status: {} });
    }
    const { priorityClassName: name, priority: value } = priorityOf(draft);
    if (name === undefined || value === undefined || Object.hasOwn(SYSTEM_CLASSES, name)) continue;
    need("PriorityClass", name, { apiVersion: "scheduling.k8s.io/v1", value });
  }
  return [...missing.values()].map((draft) => {
    return { id: draft.metadata.name as string, atMs: 0, draft, isOwn: true };
  });
}

/** Only pods that a cluster has admitted say what their class comes to. */
function priorityOf(draft: Draft<KubeObject>): {
  readonly priorityClassName?: string;
  readonly priority?: number;
} {
  return draft.kind === "Pod" ? (draft as unknown as Pod).spec : {};
}
