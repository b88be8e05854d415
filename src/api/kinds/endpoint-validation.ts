import { FORMATS } from "../custom/formats.ts";
import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, notSupported, requiredValue, tooMany } from "../field-errors.ts";
import { dnsLabelFault } from "../names.ts";
import type { EndpointSlice } from "./endpoint-slice.ts";
import type { EndpointAddress, EndpointSubset } from "./endpoints.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const MOST_ENDPOINTS = 1_000;
const MOST_ADDRESSES = 100;
const MOST_PORTS = 100;

/** The rules of validateEndpointSubsets (pkg/apis/core/validation). */
export function checkSubsets(subsets: readonly EndpointSubset[], errors: FieldError[]): void {
  for (const [index, { addresses = [], notReadyAddresses = [], ports = [] }] of subsets.entries()) {
    const field = `subsets[${index}]`;
    if (addresses.length === 0 && notReadyAddresses.length === 0) {
      errors.push(requiredValue(field, "must specify `addresses` or `notReadyAddresses`"));
    }
    checkAddresses(`${field}.addresses`, addresses, errors);
    checkAddresses(`${field}.notReadyAddresses`, notReadyAddresses, errors);
    for (const [at, { name = "", port, protocol }] of ports.entries()) {
      const path = `${field}.ports[${at}]`;
      if (name === "" && ports.length > 1) errors.push(requiredValue(`${path}.name`));
      else if (name !== "") checkLabel(`${path}.name`, name, errors);
      if (!(port >= 1 && port <= 65_535))
        errors.push(invalidValue(`${path}.port`, port ?? 0, "must be between 1 and 65535, inclusive"));
      checkProtocol(`${path}.protocol`, protocol, errors);
    }
  }
}

/** The rules of ValidateEndpointSlice (pkg/apis/discovery/validation), but for its address type. */
export function checkSlice(
  { addressType, endpoints, ports = [] }: EndpointSlice,
  errors: FieldError[],
): void {
  if (endpoints.length > MOST_ENDPOINTS) errors.push(tooMany("endpoints", endpoints.length, MOST_ENDPOINTS));
  for (const [index, { addresses = [], hostname }] of endpoints.entries()) {
    const field = `endpoints[${index}]`;
    if (addresses.length === 0) {
      errors.push(requiredValue(`${field}.addresses`, "must contain at least 1 address"));
    } else if (addresses.length > MOST_ADDRESSES) {
      errors.push(tooMany(`${field}.addresses`, addresses.length, MOST_ADDRESSES));
    }
    for (const [at, address] of addresses.entries()) {
      checkTyped(`${field}.addresses[${at}]`, addressType, address, errors);
    }
    if (hostname) checkLabel(`${field}.hostname`, hostname, errors);
  }
  if (ports.length > MOST_PORTS) errors.push(tooMany("ports", ports.length, MOST_PORTS));
  const names = new Set<string>();
  for (const [index, { name = "", protocol }] of ports.entries()) {
    const field = `ports[${index}]`;
    if (names.has(name)) errors.push(duplicateValue(`${field}.name`, name));
    names.add(name);
    if (name !== "") checkLabel(`${field}.name`, name, errors);
    checkProtocol(`${field}.protocol`, protocol, errors);
  }
}

function checkAddresses(field: string, addresses: readonly EndpointAddress[], errors: FieldError[]): void {
  for (const [index, { ip = "", hostname }] of addresses.entries()) {
    const path = `${field}[${index}]`;
    if (!(isIpv4(ip) || isIpv6(ip))) {
      errors.push(
        invalidValue(`${path}.ip`, ip, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
      );
    } else checkReachable(`${path}.ip`, ip, errors);
    if (hostname) checkLabel(`${path}.hostname`, hostname, errors);
  }
}

function checkTyped(field: string, addressType: string, address: string, errors: FieldError[]): void {
  if (addressType !== "IPv4" && addressType !== "IPv6") return;
  const isRight = addressType === "IPv4" ? isIpv4(address) : isIpv6(address);
  if (isRight) checkReachable(field, address, errors);
  else errors.push(invalidValue(field, address, `must be a valid ${addressType} address`));
}

/** The rules of ValidateEndpointIP: addresses that mean another machine to everybody are none. */
function checkReachable(field: string, ip: string, errors: FieldError[]): void {
  const address = ip.toLowerCase();
  if (address === "0.0.0.0" || address === "::") {
    errors.push(invalidValue(field, ip, "may not be unspecified (0.0.0.0 or ::)"));
  } else if (address.startsWith("127.") || address === "::1") {
    errors.push(invalidValue(field, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
  } else if (address.startsWith("169.254.") || /^fe[89ab].:/.test(address)) {
    errors.push(invalidValue(field, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"));
  } else if (address.startsWith("224.0.0.") || /^ff.2:/.test(address)) {
    errors.push(
      invalidValue(field, ip, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"),
    );
  }
}

function checkLabel(field: string, text: string, errors: FieldError[]): void {
  const fault = dnsLabelFault(text);
  if (fault !== undefined) errors.push(invalidValue(field, text, fault));
}

function checkProtocol(field: string, protocol: string | undefined, errors: FieldError[]): void {
  if (!protocol) errors.push(requiredValue(field));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(field, protocol, PROTOCOLS));
}

function isIpv4(text: string): boolean {
  return FORMATS.ipv4?.(text) === true;
}

function isIpv6(text: string): boolean {
  return FORMATS.ipv6?.(text) === true;
}
