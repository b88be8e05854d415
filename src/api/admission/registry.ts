import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import type { Admission, AdmissionContext } from "./admission.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { podPriority } from "./pod-priority.ts";
import { taintNodesByCondition } from "./taint-nodes-by-condition.ts";

/** Every admission, in the order in which they run. */
export const ADMISSIONS: readonly Admission[] = [
  podPriority,
  defaultTolerationSeconds,
  taintNodesByCondition,
];

/** Runs every admission of the kind on an object to be created, after its defaults and before its validation. */
export function admit<T extends KubeObject>(kind: Kind<T>, object: T, context: AdmissionContext): T {
  let admitted: KubeObject = object;
  for (const admission of ADMISSIONS) {
    if (admission.kinds.includes(kind.schema)) admitted = admission.admit(admitted, context);
  }
  return admitted as T;
}
