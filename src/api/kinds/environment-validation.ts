import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { dnsSubdomainFault, qualifiedNameFault, variableNameFault } from "../names.ts";
import { canonicalQuantity } from "../quantity.ts";
import { dataKeyFault } from "./data-validation.ts";
import type { Container } from "./pod.ts";

/** Sorted, as refusals name them. */
const POD_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const RESOURCES = ["limits", "requests"].flatMap((part) =>
  ["cpu", "ephemeral-storage", "memory"].map((resource) => `${part}.${resource}`),
);
const BYTE_DIVISORS = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

interface FieldReference {
  readonly apiVersion?: string;
  readonly fieldPath?: string;
}

interface ResourceReference {
  readonly containerName?: string;
  readonly resource?: string;
  readonly divisor?: string;
}

interface KeyReference {
  readonly name?: string;
  readonly key?: string;
}

interface ValueSource {
  readonly fieldRef?: FieldReference;
  readonly resourceFieldRef?: ResourceReference;
  readonly configMapKeyRef?: KeyReference;
  readonly secretKeyRef?: KeyReference;
}

/** ValidateEnv of pkg/apis/core/validation. */
export function checkEnvironment(
  field: string,
  variables: NonNullable<Container["env"]>,
  errors: FieldError[],
): void {
  for (const [index, { name, value, valueFrom }] of variables.entries()) {
    const at = `${field}[${index}]`;
    const fault = name ? variableNameFault(name) : undefined;
    if (!name) errors.push(requiredValue(`${at}.name`));
    else if (fault !== undefined) errors.push(invalidValue(`${at}.name`, name, fault));
    if (valueFrom !== undefined) checkSource(`${at}.valueFrom`, value, valueFrom, errors);
  }
}

function checkSource(
  field: string,
  value: string | undefined,
  { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef }: ValueSource,
  errors: FieldError[],
): void {
  if (fieldRef !== undefined) checkFieldReference(`${field}.fieldRef`, fieldRef, POD_FIELDS, errors);
  if (resourceFieldRef !== undefined) {
    checkResourceReference(`${field}.resourceFieldRef`, resourceFieldRef, false, errors);
  }
  if (configMapKeyRef !== undefined) checkKey(`${field}.configMapKeyRef`, configMapKeyRef, errors);
  if (secretKeyRef !== undefined) checkKey(`${field}.secretKeyRef`, secretKeyRef, errors);
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(
    (one) => one !== undefined,
  );
  if (sources.length === 0) {
    const detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    errors.push(invalidValue(field, "", detail));
  } else if (value) {
    errors.push(invalidValue(field, "", "may not be specified when `value` is not empty"));
  } else if (sources.length > 1) {
    errors.push(invalidValue(field, "", "may not have more than one field specified at a time"));
  }
}

function checkKey(field: string, { name = "", key }: KeyReference, errors: FieldError[]): void {
  const nameFault = dnsSubdomainFault(name);
  if (nameFault !== undefined) errors.push(invalidValue(`${field}.name`, name, nameFault));
  const keyFault = key ? dataKeyFault(key) : undefined;
  if (!key) errors.push(requiredValue(`${field}.key`));
  else if (keyFault !== undefined) errors.push(invalidValue(`${field}.key`, key, keyFault));
}

/** Fields of a pod that there are and that no variable can have. */
const OTHER_FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
];
const SUBSCRIPT = /^(.+?)\['(.*)'\]$/;

/** validateObjectFieldSelector; `fields` are those that may be asked for here. */
export function checkFieldReference(
  field: string,
  { apiVersion = "v1", fieldPath }: FieldReference,
  fields: readonly string[],
  errors: FieldError[],
): void {
  if (apiVersion === "") {
    errors.push(requiredValue(`${field}.apiVersion`));
    return;
  }
  if (!fieldPath) {
    errors.push(requiredValue(`${field}.fieldPath`));
    return;
  }
  const fault = fieldPathFault(apiVersion, fieldPath);
  const [, path, subscript = ""] = SUBSCRIPT.exec(fieldPath) ?? [];
  if (fault !== undefined) {
    errors.push(invalidValue(`${field}.fieldPath`, fieldPath, `error converting fieldPath: ${fault}`));
  } else if (path !== undefined) {
    const keyFault = qualifiedNameFault(path.endsWith("annotations") ? subscript.toLowerCase() : subscript);
    if (keyFault !== undefined) errors.push(invalidValue(field, subscript, keyFault));
  } else if (!fields.includes(fieldPath)) {
    errors.push(notSupported(`${field}.fieldPath`, fieldPath, fields));
  }
}

/** What is wrong with the path as such (ConvertDownwardAPIFieldLabel); undefined when nothing is. */
function fieldPathFault(apiVersion: string, fieldPath: string): string | undefined {
  if (apiVersion !== "v1") return `unsupported pod version: ${apiVersion}`;
  const path = SUBSCRIPT.exec(fieldPath)?.[1];
  if (path === undefined) {
    const isKnown = POD_FIELDS.includes(fieldPath) || OTHER_FIELDS.includes(fieldPath);
    return isKnown ? undefined : `field label not supported: ${fieldPath}`;
  }
  const isMap = path === "metadata.annotations" || path === "metadata.labels";
  return isMap ? undefined : `field label does not support subscript: ${fieldPath}`;
}

/** validateContainerResourceFieldSelector. */
export function checkResourceReference(
  field: string,
  { containerName, resource = "", divisor = "0" }: ResourceReference,
  isOfVolume: boolean,
  errors: FieldError[],
): void {
  const isHuge = /^(requests|limits)\.hugepages-/.test(resource);
  if (isOfVolume && !containerName) errors.push(requiredValue(`${field}.containerName`));
  else if (!resource) errors.push(requiredValue(`${field}.resource`));
  else if (!RESOURCES.includes(resource) && !isHuge) {
    errors.push(notSupported(`${field}.resource`, resource, RESOURCES));
  }
  const unit = canonicalQuantity(divisor);
  if (unit === "0") return;
  const isCpu = resource.endsWith(".cpu");
  const units = isCpu ? ["1m", "1"] : BYTE_DIVISORS;
  if (units.includes(unit) || !(RESOURCES.includes(resource) || isHuge)) return;
  const what = isCpu ? "cpu" : isHuge ? "hugepages" : resource.endsWith(".memory") ? "memory" : EPHEMERAL;
  const list = isCpu ? "1m and 1" : units.join(", ");
  const detail = `only divisor's values ${list} are supported with the ${what} resource`;
  errors.push(invalidValue(`${field}.divisor`, resource, detail));
}

const EPHEMERAL = "local ephemeral storage";

/** ValidateEnvFrom. */
export function checkEnvironmentSources(
  field: string,
  sources: NonNullable<Container["envFrom"]>,
  errors: FieldError[],
): void {
  for (const [index, { prefix, configMapRef, secretRef }] of sources.entries()) {
    const at = `${field}[${index}]`;
    const fault = prefix ? variableNameFault(prefix) : undefined;
    if (fault !== undefined) errors.push(invalidValue(`${at}.prefix`, prefix, fault));
    if (configMapRef !== undefined) checkNamed(`${at}.configMapRef`, configMapRef, errors);
    if (secretRef !== undefined) checkNamed(`${at}.secretRef`, secretRef, errors);
    // These two say nothing of which source they mean.
    if (configMapRef === undefined && secretRef === undefined) {
      errors.push(invalidValue(field, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (configMapRef !== undefined && secretRef !== undefined) {
      errors.push(invalidValue(field, "", "may not have more than one field specified at a time"));
    }
  }
}

function checkNamed(field: string, { name }: { readonly name?: string }, errors: FieldError[]): void {
  const fault = name ? dnsSubdomainFault(name) : undefined;
  if (!name) errors.push(requiredValue(`${field}.name`));
  else if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
}
