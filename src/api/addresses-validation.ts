import { FORMATS } from "./custom/formats.ts";
import type { FieldError } from "./errors.ts";
import { invalidValue } from "./field-errors.ts";

/** Whether the text is an IP address of either family (IsValidIP). */
export function checkAddress(field: string, address: string, errors: FieldError[]): boolean {
  if (isAddress(address)) return true;
  const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  errors.push(invalidValue(field, address, detail));
  return false;
}

/** True for IPv4 and IPv6 addresses as text. */
export function isAddress(text: string): boolean {
  return FORMATS.ipv4?.(text) === true || FORMATS.ipv6?.(text) === true;
}

const CIDR_FAULT = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/** A range of addresses (IsValidCIDR). */
export function checkRange(field: string, range: string, errors: FieldError[]): void {
  if (FORMATS.cidr?.(range) !== true) errors.push(invalidValue(field, range, CIDR_FAULT));
}

/** An address that others can reach, of what may be none at all (ValidateEndpointIP). */
export function checkEndpointAddress(field: string, text: string, errors: FieldError[]): void {
  if (isAddress(text)) checkPublicAddress(field, text, errors);
  else errors.push(invalidValue(field, text, "must be a valid IP address"));
}

/** The same of what is known to be an address. */
export function checkPublicAddress(field: string, address: string, errors: FieldError[]): void {
  const fault = specialFault(address);
  if (fault !== undefined) errors.push(invalidValue(field, address, fault));
}

function specialFault(address: string): string | undefined {
  if (address === "0.0.0.0" || address === "::") return `may not be unspecified (${address})`;
  if (address.startsWith("127.") || address === "::1") {
    return "may not be in the loopback range (127.0.0.0/8, ::1/128)";
  }
  if (address.startsWith("169.254.") || /^fe[89ab]/i.test(address)) {
    return "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
  }
  if (address.startsWith("224.0.0.") || /^ff02:/i.test(address)) {
    return "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
  }
  return undefined;
}
