import type { Node } from "../../api/kinds/node.ts";
import { isFinished, type Pod, type PodSpec } from "../../api/kinds/pod.ts";
import { SYSTEM_CLASSES } from "../../api/kinds/priority-class.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { counted } from "../../lib/counted.ts";
import type { LoadedDraft } from "./draft.ts";

/** Taints that the cluster puts on nodes by itself, by the state that they are in. */
const STATE_TAINTS = "node.kubernetes.io/";

/** Token volumes that admission mounts into every pod. */
const TOKEN_VOLUME = "kube-api-access-";

/** What the API machinery and controllers have written into an object's metadata is not for its successor. */
const KEPT = ["name", "namespace", "labels", "annotations"] as const;

/** What a cluster makes for itself. */
export const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];
const IN_EVERY_CLUSTER = [
  ...NAMESPACES.map((name) => `Namespace/${name}`),
  ...Object.keys(SYSTEM_CLASSES).map((name) => `PriorityClass/${name}`),
  ...["Service/kubernetes", "ServiceAccount/default", "ConfigMap/kube-root-ca.crt"],
];

/** The objects of a file, those that a cluster has been asked for made fit to be created anew. */
export interface AsNew {
  readonly objects: readonly LoadedDraft[];
  /** What was changed or left out, in words. */
  readonly notes: readonly string[];
}

/** A node as it would join: without what is reported of it, and the taints of its state. */
export function nodeAsNew({ metadata, spec, status }: Pick<Node, "spec" | "status"> & NodeHead): Draft<Node> {
  const { labels, name } = metadata;
  const taints = (spec.taints ?? []).filter(({ key }) => !key.startsWith(STATE_TAINTS));
  const { capacity, allocatable } = status ?? {};
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, ...(labels && { labels }) },
    spec: {
      ...(spec.unschedulable === true && { unschedulable: true }),
      ...(taints.length > 0 && { taints }),
    },
    status: { ...(capacity && { capacity }), ...(allocatable && { allocatable }) },
  } as Draft<Node>;
}

interface NodeHead {
  readonly metadata: Draft<Node>["metadata"];
}

/**
 * What `kubectl get -o yaml` prints, made fit to be created anew in a simulation: without what only its cluster knows.
 * Pods have no node yet. Who is made by a controller that is there too is left to it, who is finished is left out. What
 * somebody wrote by hand stays as it is.
 */
export function objectsAsNew(loaded: readonly LoadedDraft[]): AsNew {
  const there = new Set(loaded.map(({ draft }) => keyOf(draft.kind, draft.metadata)));
  const count = { finished: 0, owned: 0, anew: 0, claims: 0 };
  const objects = loaded.flatMap((object) => {
    const { draft } = object;
    if (!isOfCluster(draft)) return [object];
    if (IN_EVERY_CLUSTER.includes(`${draft.kind}/${draft.metadata.name}`)) return [];
    if (isOver(draft)) return skip(count, "finished");
    const owner = draft.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner !== undefined && there.has(keyOf(owner.kind, { ...draft.metadata, name: owner.name }))) {
      return skip(count, "owned");
    }
    if (draft.kind === "Pod") {
      count.anew++;
      const before = draft as unknown as Pod;
      const hasClaim = (claim: string) =>
        there.has(keyOf("PersistentVolumeClaim", { ...draft.metadata, name: claim }));
      const spec = podSpecAsNew(before, hasClaim);
      if (spec.hasLostClaims) count.claims++;
      return [{ ...object, draft: { ...headOf(draft), spec: spec.spec } as unknown as Draft<KubeObject> }];
    }
    return [{ ...object, draft: { ...headOf(draft), ...bodyOf(draft) } as unknown as Draft<KubeObject> }];
  });
  const notes = [
    [count.anew, "pod", "of a cluster, to be placed anew"],
    [count.claims, "pod", "with claims that are not in the file, and empty volumes instead"],
    [count.owned, "object", "left out, to be made by controllers that are in the file"],
    [count.finished, "object", "left out: finished"],
  ] as const;
  return {
    objects,
    notes: notes.flatMap(([number, noun, what]) =>
      number === 0 ? [] : [`${counted(number, noun)} ${what}`],
    ),
  };
}

function skip<Name extends string>(count: Record<Name, number>, why: Name): [] {
  count[why]++;
  return [];
}

/** True for what an API server has had in its hands. */
export function isOfCluster({ metadata }: Draft<KubeObject>): boolean {
  const { uid, resourceVersion } = metadata as Partial<KubeObject["metadata"]>;
  return uid !== undefined || resourceVersion !== undefined;
}

function isOver(draft: Draft<KubeObject>): boolean {
  const { status } = draft as { readonly status?: { readonly completionTime?: string } };
  if (draft.kind === "Pod") return isFinished({ status: {}, ...draft } as unknown as Pod);
  return draft.kind === "Job" && status?.completionTime !== undefined;
}

function keyOf(kind: string, { namespace = "default", name }: Draft<KubeObject>["metadata"]): string {
  return `${kind}/${namespace}/${name}`;
}

function headOf({ apiVersion, kind, metadata }: Draft<KubeObject>) {
  const kept = KEPT.flatMap((field) => (metadata[field] === undefined ? [] : [[field, metadata[field]]]));
  return { apiVersion, kind, metadata: Object.fromEntries(kept) as Draft<KubeObject>["metadata"] };
}

/** What was asked for: all but the state, and what the cluster has filled in for this very object. */
function bodyOf(draft: Draft<KubeObject>): object {
  const {
    apiVersion: _version,
    kind,
    metadata: _metadata,
    status: _status,
    ...body
  } = draft as Draft<KubeObject> & {
    readonly status?: unknown;
    readonly spec?: Readonly<Record<string, unknown>>;
  };
  if (kind === "Service" && body.spec !== undefined && body.spec.clusterIP !== "None") {
    const { clusterIP: _ip, clusterIPs: _ips, ...spec } = body.spec;
    return { ...body, spec };
  }
  if (kind !== "Job" || body.spec === undefined) return body;
  // Its selector names its own uid.
  const { selector: _selector, template, ...spec } = body.spec;
  const { spec: podSpec } = template as { readonly spec: unknown };
  return { ...body, spec: { ...spec, template: { spec: podSpec } } };
}

/** Without node, account, token and scheduler; claims that are nowhere are empty volumes. */
function podSpecAsNew(
  pod: Pod,
  hasClaim: (name: string) => boolean,
): { readonly spec: Partial<PodSpec>; readonly hasLostClaims: boolean } {
  const {
    nodeName,
    serviceAccountName: _account,
    serviceAccount: _old,
    schedulerName: _scheduler,
    ephemeralContainers: _ephemeral,
    ...spec
  } = pod.spec as PodSpec & { readonly serviceAccount?: string };
  let hasLostClaims = false;
  const volumes = (spec.volumes ?? [])
    .filter(({ name }) => !name.startsWith(TOKEN_VOLUME))
    .map((volume) => {
      const claim = volume.persistentVolumeClaim?.claimName;
      if (claim === undefined || hasClaim(claim)) return volume;
      hasLostClaims = true;
      return { name: volume.name, emptyDir: {} };
    });
  const { containers, initContainers } = spec;
  // What a node runs from a file of its own is scheduled by nobody.
  const isStatic = pod.metadata.ownerReferences?.some(({ kind }) => kind === "Node") === true;
  return {
    spec: {
      ...spec,
      containers: containers.map(withoutToken),
      ...(initContainers && { initContainers: initContainers.map(withoutToken) }),
      ...(volumes.length > 0 ? { volumes } : { volumes: undefined }),
      ...(isStatic && nodeName !== undefined && { nodeName }),
    } as Partial<PodSpec>,
    hasLostClaims,
  };
}

function withoutToken<Container extends object>(container: Container): Container {
  const { volumeMounts = [] } = container as { readonly volumeMounts?: readonly { readonly name: string }[] };
  const kept = volumeMounts.filter(({ name }) => !name.startsWith(TOKEN_VOLUME));
  return kept.length === volumeMounts.length ? container : { ...container, volumeMounts: kept };
}
