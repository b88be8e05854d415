import type { Kind } from "./kind.ts";
import type { KubeObject } from "./meta.ts";

/**
 * What a cluster does to objects on their way in beyond a kind's own defaults (DefaultTolerationSeconds, priority
 * classes). Runs after defaults and before validation, inside the write: it must answer at once and be pure apart
 * from reading the cluster's state. It may return the object changed, or throw an ApiError to refuse it.
 */
export type Admission = (request: AdmissionRequest) => KubeObject;

export interface AdmissionRequest {
  readonly kind: Kind;
  readonly object: KubeObject;
  /** What is stored now; absent on create. Writes of `/status` are not submitted. */
  readonly old: KubeObject | undefined;
}
