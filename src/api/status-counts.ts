import type { FieldError } from "./errors.ts";
import { invalidValue, NOT_NEGATIVE } from "./field-errors.ts";

/** What the counts of a status keep to. */
export interface StatusRules {
  /** Never less than nothing; in the order in which Kubernetes looks at them. */
  readonly counts: readonly string[];
  /** Counts of which none is greater than another, and what that one is called then. */
  readonly within?: readonly (readonly [field: string, whole: string, called: string])[];
  /** Counts that only grow. */
  readonly growing?: readonly string[];
}

type Counts = Readonly<Record<string, unknown>>;
interface Counted {
  readonly status?: object;
}

/** Rules of a status for `Kind.validateStatus`: what is not given counts as 0. */
export function countedStatus(rules: StatusRules): (object: Counted, old: Counted) => readonly FieldError[] {
  return (object, old) => countFaults((object.status ?? {}) as Counts, (old.status ?? {}) as Counts, rules);
}

/** What is wrong with the counts of a status. */
export function countFaults(
  status: Counts,
  old: Counts,
  { counts, within = [], growing = [] }: StatusRules,
): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (field: string, detail: string) =>
    errors.push(invalidValue(`status.${field}`, numberIn(status, field), detail));
  for (const field of counts) if (numberIn(status, field) < 0) refuse(field, NOT_NEGATIVE);
  for (const [field, whole, called] of within) {
    if (numberIn(status, field) > numberIn(status, whole)) refuse(field, `cannot be greater than ${called}`);
  }
  for (const field of growing) {
    if (numberIn(status, field) < numberIn(old, field)) refuse(field, "cannot be decremented");
  }
  return errors;
}

function numberIn(status: Counts, field: string): number {
  const value = status[field];
  return typeof value === "number" ? value : 0;
}
