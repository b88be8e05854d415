import { contentHash } from "../../api/content-hash.ts";
import { deepEqual } from "../../api/deep-equal.ts";
import { type Deployment, deployments } from "../../api/kinds/deployment.ts";
import type { PodTemplate } from "../../api/kinds/pod-template.ts";
import type { ReplicaSet } from "../../api/kinds/replica-set.ts";
import type { Draft, ObjectMeta } from "../../api/meta.ts";
import { controllerReference } from "../../api/owner-references.ts";
import { isOlder } from "./rollout-math.ts";

/** On the pods and the ReplicaSet of one template: what tells them from those of others. */
const TEMPLATE_HASH = "pod-template-hash";
export const REVISION = "deployment.kubernetes.io/revision";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

/** What a ReplicaSet does not take over from its Deployment. */
const OWN_ANNOTATIONS = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
]);

type Annotations = NonNullable<ObjectMeta["annotations"]>;

/** The ReplicaSet of the Deployment's present template: the oldest, should there be several. */
export function findNewSet({ spec }: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const same = sets.filter((set) => deepEqual(withoutHash(set.spec.template), withoutHash(spec.template)));
  return same.sort(isOlder)[0];
}

/** Number of a ReplicaSet's revision; 0 when it has none. */
export function revisionOf({ metadata }: ReplicaSet): number {
  return Number.parseInt(metadata.annotations?.[REVISION] ?? "0", 10) || 0;
}

/** The next revision's number after those of older ReplicaSets. */
export function nextRevision(old: readonly ReplicaSet[]): number {
  return 1 + Math.max(0, ...old.map(revisionOf));
}

/** How many replicas the Deployment wanted when the set was last scaled; undefined when it does not say. */
export function desiredReplicasOf({ metadata }: ReplicaSet): number | undefined {
  return numberIn(metadata.annotations?.[DESIRED_REPLICAS]);
}

/** How many replicas the Deployment could have had at most then. */
export function maxReplicasOf({ metadata }: ReplicaSet): number | undefined {
  return numberIn(metadata.annotations?.[MAX_REPLICAS]);
}

/** The set with the annotations of a scaling to these numbers; the same set when it has them. */
export function withReplicasAnnotations(set: ReplicaSet, desired: number, most: number): ReplicaSet {
  if (desiredReplicasOf(set) === desired && maxReplicasOf(set) === most) return set;
  const annotations = {
    ...set.metadata.annotations,
    [DESIRED_REPLICAS]: String(desired),
    [MAX_REPLICAS]: String(most),
  };
  return { ...set, metadata: { ...set.metadata, annotations } };
}

/** The set as the one of this revision: annotations of the Deployment, its number, minReadySeconds. */
export function asRevision(set: ReplicaSet, deployment: Deployment, revision: number): ReplicaSet {
  const annotations: Record<string, string> = { ...set.metadata.annotations, ...inherited(deployment) };
  const before = set.metadata.annotations?.[REVISION];
  if (revisionOf(set) < revision) {
    annotations[REVISION] = String(revision);
    if (before !== undefined) {
      const history = set.metadata.annotations?.[REVISION_HISTORY];
      annotations[REVISION_HISTORY] = history === undefined ? before : `${history},${before}`;
    }
  }
  const { minReadySeconds: _, ...rest } = set.spec;
  const { minReadySeconds } = deployment.spec;
  const spec = minReadySeconds === undefined ? rest : { ...rest, minReadySeconds };
  const changed = { ...set, metadata: { ...set.metadata, annotations }, spec };
  return deepEqual(changed, set) ? set : changed;
}

/** The ReplicaSet to be made for the Deployment's present template. */
export function newSetDraft(
  deployment: Deployment,
  sizes: { readonly replicas: number; readonly most: number },
  revision: number,
): Draft<ReplicaSet> {
  const { spec, metadata, status } = deployment;
  const hash = contentHash(spec.template, status.collisionCount);
  const labels = { ...spec.template.metadata?.labels, [TEMPLATE_HASH]: hash };
  const { minReadySeconds, selector } = spec;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels,
      annotations: {
        ...inherited(deployment),
        [REVISION]: String(revision),
        [DESIRED_REPLICAS]: String(spec.replicas),
        [MAX_REPLICAS]: String(sizes.most),
      },
      ownerReferences: [controllerReference(deployments, deployment)],
    },
    spec: {
      replicas: sizes.replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

function inherited({ metadata }: Deployment): Annotations {
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.has(key));
  return Object.fromEntries(own);
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function numberIn(text: string | undefined): number | undefined {
  const number = Number.parseInt(text ?? "", 10);
  return Number.isNaN(number) ? undefined : number;
}
