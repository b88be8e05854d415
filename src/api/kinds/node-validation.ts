import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkQualifiedName, validateMetadata } from "../metadata-validation.ts";
import { labelValueFault } from "../names.ts";
import type { Node, NodeTaint } from "./node.ts";
import { TAINT_EFFECTS } from "./pod-tolerations-validation.ts";
import { checkQuantity } from "./resource-validation.ts";

/** ValidateNode and ValidateNodeUpdate of pkg/apis/core/validation, for what kubesim acts on. */
export function validateNode(node: Node, old: Node | undefined): readonly FieldError[] {
  const errors = validateMetadata(node.metadata, old?.metadata);
  const { spec, status } = node;
  if (spec.taints !== undefined && spec.taints !== old?.spec.taints) checkTaints(spec.taints, errors);
  if (old?.spec.providerID && spec.providerID !== old.spec.providerID) {
    const detail = 'node updates may not change providerID except from "" to valid';
    errors.push(forbidden("spec.providerID", detail));
  }
  checkStatus(status, old?.status, errors);
  return errors;
}

/** ValidateNodeUpdate for a write of status: what the scheduler counts with must be amounts. */
export function validateNodeStatus(node: Node, old: Node): readonly FieldError[] {
  const errors: FieldError[] = [];
  checkStatus(node.status, old.status, errors);
  return errors;
}

/** Looks only at what is not the very same as before: heartbeats write status without touching amounts. */
function checkStatus(
  { capacity, allocatable }: Node["status"],
  old: Node["status"] | undefined,
  errors: FieldError[],
): void {
  if (capacity !== undefined && capacity !== old?.capacity) {
    checkAmounts("status.capacity", capacity, errors);
  }
  if (allocatable !== undefined && allocatable !== old?.allocatable && allocatable !== capacity) {
    checkAmounts("status.allocatable", allocatable, errors);
  }
}

function checkAmounts(field: string, amounts: Readonly<Record<string, string>>, errors: FieldError[]): void {
  for (const resource in amounts) {
    checkQuantity(`${field}.${resource}`, resource, amounts[resource] as string, errors);
  }
}

/** Kubernetes takes them for a part of metadata. */
function checkTaints(taints: readonly NodeTaint[], errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const field = `metadata.taints[${index}]`;
    checkTaint(field, taint, errors);
    const same = `${taint.key}\n${taint.effect}`;
    if (seen.has(same)) {
      const duplicate = duplicateValue(field, taint, "taints must be unique by key and effect pair");
      errors.push(duplicate);
    }
    seen.add(same);
  }
}

function checkTaint(field: string, { key, value, effect }: NodeTaint, errors: FieldError[]): void {
  checkQualifiedName(`${field}.key`, key ?? "", errors);
  const valueFault = value ? labelValueFault(value) : undefined;
  if (valueFault !== undefined) errors.push(invalidValue(`${field}.value`, value, valueFault));
  if (!effect) errors.push(requiredValue(`${field}.effect`));
  else if (!TAINT_EFFECTS.includes(effect))
    errors.push(notSupported(`${field}.effect`, effect, TAINT_EFFECTS));
}
