import type { Kind } from "../../api/kind.ts";
import type { Pod, PodSpec } from "../../api/kinds/pod.ts";
import { setPodDefaults } from "../../api/kinds/pod-defaults.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";

/** The template of a workload, wherever its kind has it. */
interface Workload {
  readonly spec?: {
    readonly replicas?: number;
    readonly parallelism?: number;
    readonly template?: { readonly metadata?: object; readonly spec: PodSpec };
  };
}

/** The pods that objects come to: pods as they are, workloads as many of their template as they ask for. */
export function podsOf(
  drafts: readonly { readonly kind: Kind; readonly draft: Draft<KubeObject> }[],
): readonly Pod[] {
  const pods: Pod[] = [];
  const add = (name: string, metadata: object, spec: PodSpec) => {
    const uid = String(pods.length).padStart(9, "0");
    const draft = { apiVersion: "v1", kind: "Pod", spec, status: { phase: "Pending" } };
    pods.push(setPodDefaults({ ...draft, metadata: { ...metadata, name, uid } } as unknown as Pod));
  };
  for (const { kind, draft } of drafts) {
    const name = draft.metadata.name ?? draft.metadata.generateName ?? "";
    if (kind.kind === "Pod") add(name, draft.metadata, (draft as unknown as Pod).spec);
    const { spec } = draft as unknown as Workload;
    // A DaemonSet takes room on every node and needs none of its own.
    if (spec?.template === undefined || kind.kind === "DaemonSet") continue;
    const count = spec.replicas ?? spec.parallelism ?? 1;
    const metadata = { namespace: draft.metadata.namespace ?? "default", ...spec.template.metadata };
    for (let index = 0; index < count; index++) add(`${name}-${index}`, metadata, spec.template.spec);
  }
  return pods;
}
