import type { FieldError } from "../errors.ts";
import { invalidValue, requiredValue } from "../field-errors.ts";
import type { DefinedNames } from "../kinds/custom-resource-definition.ts";
import { dns1035LabelFault } from "../names.ts";

const NEEDED = ["plural", "singular", "kind", "listKind"] as const;

/** Names that a definition asks for: those that it must, and what they must look like. */
export function checkNames(names: Partial<DefinedNames>, errors: FieldError[]): void {
  for (const part of NEEDED) if (!names[part]) errors.push(requiredValue(`spec.names.${part}`));
  checkNameForms("spec.names", names, errors);
}

/** ValidateCustomResourceDefinitionNames, of names that are asked for and of those that are accepted. */
export function checkNameForms(field: string, names: Partial<DefinedNames>, errors: FieldError[]): void {
  const { plural = "", singular = "", kind = "", listKind = "", shortNames = [], categories = [] } = names;
  if (plural !== "") checkLabel(`${field}.plural`, plural, errors);
  if (singular !== "") checkLabel(`${field}.singular`, singular, errors);
  checkKind(`${field}.kind`, kind, errors);
  checkKind(`${field}.listKind`, listKind, errors);
  for (const [index, name] of shortNames.entries()) {
    checkLabel(`${field}.shortNames[${index}]`, name, errors);
  }
  if (kind !== "" && kind === listKind) {
    errors.push(invalidValue(`${field}.listKind`, listKind, "kind and listKind may not be the same"));
  }
  for (const [index, name] of categories.entries()) {
    checkLabel(`${field}.categories[${index}]`, name, errors);
  }
}

function checkLabel(field: string, name: string, errors: FieldError[]): void {
  const fault = dns1035LabelFault(name);
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}

function checkKind(field: string, kind: string, errors: FieldError[]): void {
  const fault = kind === "" ? undefined : dns1035LabelFault(kind.toLowerCase());
  if (fault === undefined) return;
  errors.push(invalidValue(field, kind, `may have mixed case, but should otherwise match: ${fault}`));
}
