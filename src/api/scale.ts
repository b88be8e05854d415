import type { KubeObject } from "./meta.ts";

/**
 * How the `/scale` subresource of a kind reads and writes its objects, so that `kubectl scale` and autoscalers need not
 * know the kind. Paths are those of a CustomResourceDefinition's scale, e.g. `.spec.replicas`.
 */
export interface ScaleSubresource<T extends KubeObject = KubeObject> {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  /** The pods that are counted, as a label selector in text. */
  readonly selector: (object: T) => string;
}

/** autoscaling/v1 Scale: how many there should be and are, of whatever can be scaled. */
export interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

/** What discovery says of every `/scale`. */
export const SCALE = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  schema: "io.k8s.api.autoscaling.v1.Scale",
} as const;

/** The Scale of an object. */
export function scaleOf<T extends KubeObject>(subresource: ScaleSubresource<T>, object: T): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = subresource.selector(object);
  return {
    apiVersion: `${SCALE.group}/${SCALE.version}`,
    kind: SCALE.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { replicas: numberAt(object, subresource.specReplicasPath) },
    status: {
      replicas: numberAt(object, subresource.statusReplicasPath),
      ...(selector !== "" && { selector }),
    },
  };
}

/** A merge patch that sets the number of replicas that should be; of that very version, when one is given. */
export function replicasPatch(
  { specReplicasPath }: Pick<ScaleSubresource, "specReplicasPath">,
  replicas: number,
  resourceVersion: string | undefined,
): Readonly<Record<string, unknown>> {
  let patch: unknown = replicas;
  for (const field of fieldsOf(specReplicasPath).reverse()) patch = { [field]: patch };
  const lock = resourceVersion ? { metadata: { resourceVersion } } : {};
  return { ...(patch as Readonly<Record<string, unknown>>), ...lock };
}

function numberAt(object: KubeObject, path: string): number {
  let value: unknown = object;
  for (const field of fieldsOf(path)) {
    const holds = typeof value === "object" && value !== null && Object.hasOwn(value, field);
    value = holds ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
  }
  return typeof value === "number" ? value : 0;
}

function fieldsOf(path: string): string[] {
  return path.split(".").filter((field) => field !== "");
}
