import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { type CustomResourceDefinition, isEstablished } from "../kinds/custom-resource-definition.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dns1035LabelFault, dnsLabelFault, dnsSubdomainFault } from "../names.ts";
import { validateVersion } from "./validate-version.ts";

const APPROVAL = "api-approved.kubernetes.io";
const SCOPES = ["Cluster", "Namespaced"];
const STRATEGIES = ["None", "Webhook"];

/** The rules of k8s.io/apiextensions-apiserver for a definition, in its words. */
export function validateDefinition(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(definition.metadata, old?.metadata);
  const { spec } = definition;
  if (spec === undefined) return [...errors, requiredValue("spec")];
  if (old === undefined) checkName(definition, errors);
  checkApproval(definition, errors);
  if (spec === old?.spec) return errors;
  checkGroup(spec.group ?? "", errors);
  if (!spec.scope) errors.push(requiredValue("spec.scope"));
  else if (!SCOPES.includes(spec.scope)) errors.push(notSupported("spec.scope", spec.scope, SCOPES));
  checkNames(definition, errors);
  checkVersions(definition, errors);
  const strategy = spec.conversion?.strategy ?? "None";
  if (!STRATEGIES.includes(strategy)) {
    errors.push(notSupported("spec.conversion.strategy", strategy, STRATEGIES));
  }
  if (spec.preserveUnknownFields) {
    errors.push(invalidValue("spec.preserveUnknownFields", true, "must be false"));
  }
  if (old?.spec?.names !== undefined) checkChange(definition, old, errors);
  return errors;
}

function checkName({ metadata, spec }: CustomResourceDefinition, errors: FieldError[]): void {
  if (metadata.name === `${spec.names?.plural}.${spec.group}`) return;
  errors.push(invalidValue("metadata.name", metadata.name, 'must be spec.names.plural+"."+spec.group'));
}

/** Groups of Kubernetes' own are protected. */
function checkApproval({ metadata, spec }: CustomResourceDefinition, errors: FieldError[]): void {
  const group = spec.group ?? "";
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const field = `metadata.annotations[${APPROVAL}]`;
  const value = metadata.annotations?.[APPROVAL];
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  if (!value) {
    const detail = `protected groups must have approval annotation "${APPROVAL}", ${see}`;
    errors.push(requiredValue(field, detail));
  } else if (!value.startsWith("unapproved") && !URL.canParse(value)) {
    const allowed = 'with either a URL or a reason starting with "unapproved"';
    const detail = `protected groups must have approval annotation "${APPROVAL}" ${allowed}, ${see}`;
    errors.push(invalidValue(field, value, detail));
  }
}

function checkGroup(group: string, errors: FieldError[]): void {
  const fault = dnsSubdomainFault(group);
  if (group === "") errors.push(requiredValue("spec.group"));
  else if (fault !== undefined) errors.push(invalidValue("spec.group", group, fault));
  else if (!group.includes(".")) {
    errors.push(invalidValue("spec.group", group, "should be a domain with at least one dot"));
  }
}

function checkNames({ spec }: CustomResourceDefinition, errors: FieldError[]): void {
  const { names } = spec;
  if (names === undefined) {
    errors.push(requiredValue("spec.names"));
    return;
  }
  const { plural = "", singular = "", kind = "", listKind = "", shortNames = [], categories = [] } = names;
  if (plural === "") errors.push(requiredValue("spec.names.plural"));
  else checkLabel("spec.names.plural", plural, errors);
  if (singular !== "") checkLabel("spec.names.singular", singular, errors);
  checkKind("spec.names.kind", kind, errors);
  if (listKind !== "") checkKind("spec.names.listKind", listKind, errors);
  if (kind !== "" && kind === listKind) {
    errors.push(invalidValue("spec.names.listKind", listKind, "kind and listKind may not be the same"));
  }
  shortNames.forEach((name, index) => {
    checkLabel(`spec.names.shortNames[${index}]`, name, errors);
  });
  categories.forEach((name, index) => {
    checkLabel(`spec.names.categories[${index}]`, name, errors);
  });
}

function checkLabel(field: string, name: string, errors: FieldError[]): void {
  const fault = dns1035LabelFault(name);
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}

function checkKind(field: string, kind: string, errors: FieldError[]): void {
  if (kind === "") {
    errors.push(requiredValue(field));
    return;
  }
  const fault = dns1035LabelFault(kind.toLowerCase());
  if (fault === undefined) return;
  errors.push(invalidValue(field, kind, `may have mixed case, but should otherwise match: ${fault}`));
}

function checkVersions({ spec, status }: CustomResourceDefinition, errors: FieldError[]): void {
  const { versions = [] } = spec;
  const names = new Set(versions.map(({ name }) => name));
  if (names.size < versions.length) {
    errors.push(
      invalidValue(
        "spec.versions",
        versions.map(({ name }) => name),
        "must contain unique version names",
      ),
    );
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const found = versions.map(({ name }) => name);
    errors.push(
      invalidValue("spec.versions", found, "must have exactly one version marked as storage version"),
    );
  }
  versions.forEach((version, index) => {
    const field = `spec.versions[${index}]`;
    const fault = dnsLabelFault(version.name ?? "");
    if (fault !== undefined) errors.push(invalidValue(`${field}.name`, version.name ?? "", fault));
    errors.push(...validateVersion(version, field));
  });
  (status?.storedVersions ?? []).forEach((stored, index) => {
    if (names.has(stored)) return;
    errors.push(invalidValue(`status.storedVersions[${index}]`, stored, "must appear in spec.versions"));
  });
}

/** Once objects of it may exist, a definition keeps its place. */
function checkChange(
  now: CustomResourceDefinition,
  old: CustomResourceDefinition,
  errors: FieldError[],
): void {
  const { spec } = now;
  const before = old.spec;
  if (isEstablished(old)) {
    if (spec.scope !== before.scope) errors.push(invalidValue("spec.scope", spec.scope, IMMUTABLE));
    if (spec.names?.kind !== before.names.kind) {
      errors.push(invalidValue("spec.names.kind", spec.names?.kind, IMMUTABLE));
    }
  }
  if (spec.group !== before.group) errors.push(invalidValue("spec.group", spec.group, IMMUTABLE));
  if (spec.names?.plural !== before.names.plural) {
    errors.push(invalidValue("spec.names.plural", spec.names?.plural, IMMUTABLE));
  }
}
