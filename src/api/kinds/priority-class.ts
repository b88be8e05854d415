import type { FieldError } from "../errors.ts";
import { forbidden, IMMUTABLE, invalidValue, notSupported } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { Draft, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { countColumn } from "./workload-columns.ts";

/** scheduling.k8s.io/v1 PriorityClass: a name for a pod's priority. */
export interface PriorityClass extends KubeObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly description?: string;
  readonly preemptionPolicy?: string;
}

const POLICIES = ["PreemptLowerPriority", "Never"];
const HIGHEST = 1_000_000_000;

/** The classes that every cluster has, and who they are for. */
export const SYSTEM_CLASSES: Readonly<
  Record<string, { readonly value: number; readonly description: string }>
> = {
  "system-cluster-critical": {
    value: 2_000_000_000,
    description:
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
  "system-node-critical": {
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
};

export const priorityClasses: Kind<PriorityClass> = {
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  plural: "priorityclasses",
  singular: "priorityclass",
  shortNames: ["pc"],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.scheduling.v1.PriorityClass",
  statusSubresource: false,
  columns: [
    NAME,
    countColumn("Value", "The priority of its pods.", ({ value }: PriorityClass) => value),
    {
      name: "Global-Default",
      type: "boolean",
      description: "Whether pods without a class get it.",
      priority: 0,
      cell: ({ globalDefault }: PriorityClass) => globalDefault === true,
    },
    AGE,
    textColumn(
      "PreemptionPolicy",
      "Whether its pods may push others out.",
      ({ preemptionPolicy }: PriorityClass) => preemptionPolicy ?? "",
    ),
  ],
  selectableFields: {},
  setDefaults: (one) =>
    one.preemptionPolicy === undefined || one.value === undefined
      ? { ...one, value: one.value ?? 0, preemptionPolicy: one.preemptionPolicy ?? "PreemptLowerPriority" }
      : one,
  validate: validatePriorityClass,
  mustStay: (name) =>
    Object.hasOwn(SYSTEM_CLASSES, name) ? "this is a system priority class and cannot be deleted" : undefined,
};

/** The classes of SYSTEM_CLASSES as objects to create. */
export function systemPriorityClasses(): readonly Draft<PriorityClass>[] {
  return Object.entries(SYSTEM_CLASSES).map(([name, { value, description }]) => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    description,
  }));
}

/** ValidatePriorityClass and ValidatePriorityClassUpdate (pkg/apis/scheduling/validation). */
function validatePriorityClass(one: PriorityClass, old: PriorityClass | undefined): readonly FieldError[] {
  const errors = validateMetadata(one.metadata, old?.metadata);
  const { value, preemptionPolicy = "" } = one;
  const { name } = one.metadata;
  if (old !== undefined) {
    if (value !== old.value) errors.push(forbidden("value", "may not be changed in an update."));
    if (preemptionPolicy !== old.preemptionPolicy) {
      errors.push(invalidValue("preemptionPolicy", preemptionPolicy, IMMUTABLE));
    }
    return errors;
  }
  const systemFault = name.startsWith("system-") ? systemClassFault(one) : undefined;
  if (systemFault !== undefined) {
    const detail = "priority class names with 'system-' prefix are reserved for system use only. error: ";
    errors.push(forbidden("metadata.name", detail + systemFault));
  } else if (!name.startsWith("system-") && value > HIGHEST) {
    errors.push(forbidden("value", `maximum allowed value of a user defined priority is ${HIGHEST}`));
  }
  if (!POLICIES.includes(preemptionPolicy)) {
    errors.push(notSupported("preemptionPolicy", preemptionPolicy, POLICIES));
  }
  return errors;
}

/** IsKnownSystemPriorityClass. */
function systemClassFault({ metadata, value, globalDefault = false }: PriorityClass): string | undefined {
  const { name } = metadata;
  const system = Object.hasOwn(SYSTEM_CLASSES, name) ? SYSTEM_CLASSES[name] : undefined;
  if (system === undefined) return `${name} is not a known system priority class`;
  if (system.value !== value) return `value of ${name} PriorityClass must be ${system.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
