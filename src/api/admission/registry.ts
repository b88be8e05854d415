import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import type { Admission, AdmissionContext } from "./admission.ts";
import { allocateService } from "./allocate-service.ts";
import { claimResize } from "./claim-resize.ts";
import { customResourceNames } from "./custom-resource-names.ts";
import { defaultStorageClass } from "./default-storage-class.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { limitRanger } from "./limit-ranger.ts";
import { podPriority } from "./pod-priority.ts";
import { resourceQuota } from "./resource-quota.ts";
import { podRuntimeClass } from "./runtime-class.ts";
import { podServiceAccount } from "./service-account.ts";
import { storageProtection } from "./storage-protection.ts";
import { taintNodesByCondition } from "./taint-nodes-by-condition.ts";

/** Every admission, in the order in which they run. */
export const ADMISSIONS: readonly Admission[] = [
  podServiceAccount,
  podPriority,
  podRuntimeClass,
  defaultTolerationSeconds,
  taintNodesByCondition,
  allocateService,
  defaultStorageClass,
  storageProtection,
  claimResize,
  limitRanger,
  resourceQuota,
  customResourceNames,
];

/** By the schema of the kinds they look at: most objects meet none. */
const BY_SCHEMA = new Map<string, Admission[]>();
/** Those that look at what is valid, of whatever kind. */
const LAST = ADMISSIONS.filter(({ last }) => last);
for (const admission of ADMISSIONS) {
  if (admission.last || admission.kinds === "all") continue;
  for (const schema of admission.kinds) BY_SCHEMA.set(schema, [...(BY_SCHEMA.get(schema) ?? []), admission]);
}

/** Runs every admission of the kind on an object to be created, after its defaults and before its validation. */
export function admit<T extends KubeObject>(kind: Kind<T>, object: T, context: AdmissionContext): T {
  let admitted: KubeObject = object;
  for (const admission of BY_SCHEMA.get(kind.schema) ?? []) admitted = admission.admit(admitted, context);
  return admitted as T;
}

/** The same for an object that is to be changed. */
export function admitChange<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  old: T,
  context: AdmissionContext,
): T {
  let admitted: KubeObject = object;
  for (const admission of BY_SCHEMA.get(kind.schema) ?? []) {
    admitted = admission.admitChange?.(admitted, old, context) ?? admitted;
  }
  return admitted as T;
}

/** Runs those admissions that come after validation on an object to be created, or with `old` to be changed. */
export function admitLast<T extends KubeObject>(
  object: T,
  old: T | undefined,
  context: AdmissionContext,
): void {
  for (const admission of LAST) {
    if (old === undefined) admission.admit(object, context);
    else admission.admitChange?.(object, old, context);
  }
}
