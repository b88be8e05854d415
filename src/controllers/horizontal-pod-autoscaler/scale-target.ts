import { isReason } from "../../api/errors.ts";
import { apiVersionOf, type Kind } from "../../api/kind.ts";
import type { HorizontalPodAutoscaler } from "../../api/kinds/horizontal-pod-autoscaler.ts";
import type { Objects } from "../../api/objects.ts";
import { replicasPatch, scaleOf } from "../../api/scale.ts";
import type { ControllerContext } from "../controller.ts";

/** What an autoscaler scales. */
export interface Target {
  /** How many pods it asks for. */
  readonly replicas: number;
  /** Its pods, as a label selector in text. */
  readonly selector: string;
  scale(replicas: number): Promise<void>;
}

/** The target of an autoscaler, or in words why there is none. */
export async function findTarget(
  { objects, kinds }: Pick<ControllerContext, "objects" | "kinds">,
  { metadata, spec: { scaleTargetRef: reference } }: HorizontalPodAutoscaler,
): Promise<Target | string> {
  const { apiVersion = "", kind: kindName, name } = reference;
  const kind = kinds
    .all()
    .find((one) => one.kind === kindName && (apiVersion === "" || apiVersionOf(one) === apiVersion));
  const subresource = kind?.scale;
  if (kind === undefined || subresource === undefined) {
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    return `no matches for kind ${JSON.stringify(kindName)} in group ${JSON.stringify(group)}`;
  }
  const key = { namespace: metadata.namespace as string, name };
  try {
    const { spec, status } = scaleOf(subresource, await objects.get(kind, key));
    return {
      replicas: spec.replicas ?? 0,
      selector: status.selector ?? "",
      scale: (replicas) => scale(objects, kind, key, subresource, replicas),
    };
  } catch (error) {
    if (isReason(error, "NotFound")) return (error as Error).message;
    throw error;
  }
}

async function scale(
  objects: Objects,
  kind: Kind,
  key: { readonly namespace: string; readonly name: string },
  subresource: NonNullable<Kind["scale"]>,
  replicas: number,
): Promise<void> {
  const patch = { type: "merge", patch: replicasPatch(subresource, replicas, undefined) } as const;
  await objects.patch(kind, key, patch, { fieldManager: "horizontal-pod-autoscaler", ownedThrough: "scale" });
}
