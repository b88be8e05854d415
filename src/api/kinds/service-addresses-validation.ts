import { checkAddress, checkPublicAddress } from "../addresses-validation.ts";
import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, notSupported } from "../field-errors.ts";
import type { ServiceSpec } from "./service.ts";

/** Sorted, as refusals name them. */
const FAMILIES = ["IPv4", "IPv6"];
const FAMILY_POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const FIELD = "spec.clusterIPs";

/** Addresses of a service (ValidateServiceClusterIPsRelatedFields), and those from outside that lead to it. */
export function checkAddresses(spec: ServiceSpec, errors: FieldError[]): void {
  if (spec.type !== "ExternalName") checkOwn(spec, errors);
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    const at = `spec.externalIPs[${index}]`;
    if (checkAddress(at, address, errors)) checkPublicAddress(at, address, errors);
  }
}

function checkOwn(spec: ServiceSpec, errors: FieldError[]): void {
  const { clusterIP = "", clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (clusterIP !== (clusterIPs[0] ?? "")) {
    const detail =
      clusterIP === ""
        ? "must be empty when `clusterIP` is not specified"
        : "first value must match `clusterIP`";
    errors.push(invalidValue(FIELD, clusterIPs, detail));
  }
  const seen = new Set<string>();
  for (const [index, family] of ipFamilies.entries()) {
    const at = `spec.ipFamilies[${index}]`;
    if (!FAMILIES.includes(family)) errors.push(notSupported(at, family, FAMILIES));
    if (seen.has(family)) errors.push(duplicateValue(at, family));
    seen.add(family);
  }
  if (ipFamilyPolicy !== undefined && !FAMILY_POLICIES.includes(ipFamilyPolicy)) {
    errors.push(notSupported("spec.ipFamilyPolicy", ipFamilyPolicy, FAMILY_POLICIES));
  }
  if (checkTexts(clusterIPs, errors)) checkFamilies(spec, errors);
}

/** Whether all are addresses, or `None` alone. */
function checkTexts(clusterIPs: readonly string[], errors: FieldError[]): boolean {
  let isSound = true;
  for (const [index, address] of clusterIPs.entries()) {
    if (index > 0 || address !== "None") {
      isSound = checkAddress(`${FIELD}[${index}]`, address, errors) && isSound;
    } else if (clusterIPs.length > 1) {
      errors.push(invalidValue(FIELD, clusterIPs, "'None' must be the first and only value"));
      isSound = false;
    }
  }
  if (clusterIPs.length > 2) errors.push(invalidValue(FIELD, clusterIPs, "may only hold up to 2 values"));
  return isSound;
}

function checkFamilies({ clusterIPs = [], ipFamilies = [] }: ServiceSpec, errors: FieldError[]): void {
  const [first, second] = clusterIPs.map((address) => (address.includes(":") ? "IPv6" : "IPv4"));
  if (second !== undefined && (first === second || clusterIPs.length > 2)) {
    errors.push(invalidValue(FIELD, clusterIPs, "may specify no more than one IP for each IP family"));
  }
  if (clusterIPs[0] === "None") return;
  for (const [index, family] of [first, second].entries()) {
    const expected = ipFamilies[index];
    if (family === undefined || expected === undefined || family === expected) continue;
    if (!FAMILIES.includes(expected)) continue;
    const detail = `expected an ${expected} value as indicated by \`ipFamilies[${index}]\``;
    errors.push(invalidValue(`${FIELD}[${index}]`, clusterIPs[index], detail));
  }
}

/** An address stays for as long as the service has one (validateUpgradeDowngradeClusterIPs and its like). */
export function checkAddressesKept(spec: ServiceSpec, old: ServiceSpec, errors: FieldError[]): void {
  if (spec.type === "ExternalName" || old.type === "ExternalName") return;
  const [after, before] = [spec.clusterIPs ?? [], old.clusterIPs ?? []];
  if (after[0] === "None" && before[0] === "None") return;
  if (before.length > 0 && after.length === 0) {
    errors.push(invalidValue(`${FIELD}[0]`, after, "primary clusterIP can not be unset"));
  } else if (before.length > 0 && after[0] !== before[0]) {
    errors.push(invalidValue(`${FIELD}[0]`, after, "may not change once set"));
  }
  const [family, oldFamily] = [spec.ipFamilies?.[0], old.ipFamilies?.[0]];
  if (after[0] === "None" || before[0] === "None" || oldFamily === undefined) return;
  if (family !== undefined && family !== oldFamily) {
    errors.push(invalidValue("spec.ipFamilies[0]", spec.ipFamilies, "may not change once set"));
  }
}
