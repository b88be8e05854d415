import type { ClusterSettings } from "../kinds/cluster-settings.ts";
import type { KubeObject } from "../meta.ts";

/**
 * Changes what a client asks for before it is validated and stored, by rules that need to know the cluster
 * (defaults that need nothing but the object are the kind's own `setDefaults`). Runs on create alone.
 */
export interface Admission {
  /** As Kubernetes names the plugin, e.g. `DefaultTolerationSeconds`. */
  readonly name: string;
  readonly summary: string;
  /** Schema names of the kinds it looks at (Kind.schema). */
  readonly kinds: readonly string[];
  /** Pure; gives the same object back when nothing changes. May throw ApiError to refuse. */
  admit(object: KubeObject, context: AdmissionContext): KubeObject;
}

export interface AdmissionContext {
  readonly settings: ClusterSettings;
}
