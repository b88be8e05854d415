import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { type CustomResourceDefinition, isEstablished } from "../kinds/custom-resource-definition.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dns1035LabelFault, dnsSubdomainFault } from "../names.ts";
import { checkConversion } from "./validate-conversion.ts";
import { checkNameForms, checkNames } from "./validate-names.ts";
import { validateVersion } from "./validate-version.ts";

const APPROVAL = "api-approved.kubernetes.io";
const SCOPES = ["Cluster", "Namespaced"];
const UNKNOWN_KEPT =
  "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";

type Spec = Partial<CustomResourceDefinition["spec"]>;

/** The rules of k8s.io/apiextensions-apiserver for a definition, in its words and order. */
export function validateDefinition(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(definition.metadata, old?.metadata);
  const spec: Spec = definition.spec ?? {};
  if (old === undefined) checkName(definition.metadata.name, spec, errors);
  if (definition.spec === undefined || spec !== old?.spec) {
    checkSpec(spec, errors);
    if (old !== undefined) checkChange(spec, old, errors);
  }
  checkStatus(definition, old, errors);
  checkApproval(definition, old, errors);
  if (spec.preserveUnknownFields && !old?.spec?.preserveUnknownFields) {
    errors.push(invalidValue("spec.preserveUnknownFields", true, UNKNOWN_KEPT));
  }
  return errors;
}

function checkName(name: string, { names, group }: Spec, errors: FieldError[]): void {
  if (name === `${names?.plural ?? ""}.${group ?? ""}`) return;
  errors.push(invalidValue("metadata.name", name, 'must be spec.names.plural+"."+spec.group'));
}

function checkSpec(spec: Spec, errors: FieldError[]): void {
  const { group = "", scope, names = {}, conversion } = spec;
  checkGroup(group, errors);
  if (!scope) errors.push(requiredValue("spec.scope"));
  else if (!SCOPES.includes(scope)) errors.push(notSupported("spec.scope", scope, SCOPES));
  checkVersions(spec.versions, errors);
  checkNames(names, errors);
  if (conversion !== undefined) checkConversion(conversion, errors);
}

/** Groups of Kubernetes' own are protected. */
function checkApproval(
  { metadata, spec }: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: FieldError[],
): void {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec?.group ?? "")) return;
  const field = `metadata.annotations[${APPROVAL}]`;
  const value = metadata.annotations?.[APPROVAL];
  if (old !== undefined && old.metadata.annotations?.[APPROVAL] === value) return;
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

/** Versions stand for themselves in refusals, not with all that they define. */
function checkVersions(given: Spec["versions"], errors: FieldError[]): void {
  const versions = given ?? [];
  const found = given === undefined ? null : versions.map(({ name }) => name);
  for (const [index, { schema }] of versions.entries()) {
    if (schema?.openAPIV3Schema !== undefined) continue;
    const field = `spec.versions[${index}].schema.openAPIV3Schema`;
    errors.push(requiredValue(field, "schemas are required"));
  }
  for (const [index, version] of versions.entries()) {
    const field = `spec.versions[${index}]`;
    const fault = dns1035LabelFault(version.name ?? "");
    if (fault !== undefined) errors.push(invalidValue(`${field}.name`, version.name ?? "", fault));
    errors.push(...validateVersion(version, field));
  }
  if (new Set(versions.map(({ name }) => name)).size < versions.length) {
    errors.push(invalidValue("spec.versions", found, "must contain unique version names"));
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const detail = "must have exactly one version marked as storage version";
    errors.push(invalidValue("spec.versions", found, detail));
  }
}

/** Versions in which objects may be stored are among those that there are. */
function checkStatus(
  { spec, status }: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: FieldError[],
): void {
  const versions = spec?.versions ?? [];
  if (old === undefined && !versions.some(({ storage }) => storage)) {
    errors.push(invalidValue("status.storedVersions", null, "must have at least one stored version"));
  }
  for (const [index, stored] of (status?.storedVersions ?? []).entries()) {
    if (versions.some(({ name }) => name === stored)) continue;
    const detail =
      `missing from spec.versions; ${stored} was previously a storage version, and must remain in spec.versions ` +
      "until a " +
      `storage migration ensures no data remains persisted in ${stored} and removes ${stored} from ` +
      "status.storedVersions";
    errors.push(invalidValue(`status.storedVersions[${index}]`, stored, detail));
  }
}

/** What a status may say of names (ValidateUpdateCustomResourceDefinitionStatus). */
export function validateDefinitionStatus({ status }: CustomResourceDefinition): readonly FieldError[] {
  const errors: FieldError[] = [];
  checkNameForms("status.acceptedNames", status?.acceptedNames ?? {}, errors);
  return errors;
}

/** Once objects of it may exist, a definition keeps its place. */
function checkChange(spec: Spec, old: CustomResourceDefinition, errors: FieldError[]): void {
  const before: Spec = old.spec ?? {};
  const keep = (field: string, value: unknown, was: unknown) => {
    if (value !== was) errors.push(invalidValue(field, value ?? "", IMMUTABLE));
  };
  if (isEstablished(old)) {
    keep("spec.scope", spec.scope, before.scope);
    keep("spec.names.kind", spec.names?.kind, before.names?.kind);
  }
  keep("spec.group", spec.group, before.group);
  keep("spec.names.plural", spec.names?.plural, before.names?.plural);
}
