import type { Pod, Volume } from "./kinds/pod.ts";

/** A claim that a pod uses. */
export interface PodClaim {
  readonly name: string;
  /** The volume of the pod that the claim is made for, if it lives and dies with the pod. */
  readonly ephemeral?: Volume;
}

const NONE: readonly PodClaim[] = [];

/** The claims of a pod by name, in the order of its volumes; costs nothing for pods without. */
export function claimsOf({ metadata, spec }: Pick<Pod, "metadata" | "spec">): readonly PodClaim[] {
  let claims = NONE;
  for (const volume of spec.volumes ?? []) {
    const { persistentVolumeClaim, ephemeral } = volume;
    if (persistentVolumeClaim !== undefined) claims = [...claims, { name: persistentVolumeClaim.claimName }];
    else if (ephemeral !== undefined) {
      claims = [...claims, { name: ephemeralClaimName(metadata.name, volume.name), ephemeral: volume }];
    }
  }
  return claims;
}

/** What the claim of an ephemeral volume is called. */
export function ephemeralClaimName(podName: string, volumeName: string): string {
  return `${podName}-${volumeName}`;
}
