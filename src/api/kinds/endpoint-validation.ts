import { checkAddress, checkEndpointAddress, checkPublicAddress } from "../addresses-validation.ts";
import { FORMATS } from "../custom/formats.ts";
import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, notSupported, requiredValue, tooMany } from "../field-errors.ts";
import { checkLabels, checkQualifiedName } from "../metadata-validation.ts";
import { dnsLabelFault, dnsSubdomainFault, domainNameFault, labelValueFault } from "../names.ts";
import type { Endpoint, EndpointPort, EndpointSlice } from "./endpoint-slice.ts";
import type { EndpointAddress, EndpointSubset } from "./endpoints.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const MOST_ENDPOINTS = 1_000;
const MOST_ADDRESSES = 100;
const MOST_PORTS = 100;
const MOST_TOPOLOGY_LABELS = 16;
const MOST_ZONES = 8;

/** The rules of validateEndpointSubsets (pkg/apis/core/validation). */
export function checkSubsets(subsets: readonly EndpointSubset[], errors: FieldError[]): void {
  for (const [index, { addresses = [], notReadyAddresses = [], ports = [] }] of subsets.entries()) {
    const field = `subsets[${index}]`;
    if (addresses.length === 0 && notReadyAddresses.length === 0) {
      errors.push(requiredValue(field, "must specify `addresses` or `notReadyAddresses`"));
    }
    checkAddresses(`${field}.addresses`, addresses, errors);
    checkAddresses(`${field}.notReadyAddresses`, notReadyAddresses, errors);
    for (const [at, { name = "", port, protocol, appProtocol }] of ports.entries()) {
      const path = `${field}.ports[${at}]`;
      if (name === "" && ports.length > 1) errors.push(requiredValue(`${path}.name`));
      else if (name !== "") checkLabel(`${path}.name`, name, errors);
      if (!(port >= 1 && port <= 65_535))
        errors.push(invalidValue(`${path}.port`, port ?? 0, "must be between 1 and 65535, inclusive"));
      checkProtocol(`${path}.protocol`, protocol, errors);
      if (appProtocol !== undefined) checkQualifiedName(`${path}.appProtocol`, appProtocol, errors);
    }
  }
}

/** The rules of ValidateEndpointSlice (pkg/apis/discovery/validation), but for its address type. */
export function checkSlice(
  { addressType, endpoints, ports = [] }: EndpointSlice,
  errors: FieldError[],
): void {
  if (endpoints.length > MOST_ENDPOINTS) errors.push(tooMany("endpoints", endpoints.length, MOST_ENDPOINTS));
  else {
    for (const [index, endpoint] of endpoints.entries()) {
      checkEndpoint(`endpoints[${index}]`, addressType, endpoint, errors);
    }
  }
  if (ports.length > MOST_PORTS) errors.push(tooMany("ports", ports.length, MOST_PORTS));
  else checkPorts(ports, errors);
}

function checkEndpoint(field: string, addressType: string, endpoint: Endpoint, errors: FieldError[]): void {
  const { addresses = [], hostname, nodeName, deprecatedTopology, hints } = endpoint;
  if (addresses.length === 0) {
    errors.push(requiredValue(`${field}.addresses`, "must contain at least 1 address"));
  } else if (addresses.length > MOST_ADDRESSES) {
    errors.push(tooMany(`${field}.addresses`, addresses.length, MOST_ADDRESSES));
  }
  for (const [at, address] of addresses.entries()) {
    checkTyped(`${field}.addresses[${at}]`, addressType, address, errors);
  }
  if (nodeName !== undefined) checkNodeName(`${field}.nodeName`, nodeName, errors);
  if (deprecatedTopology !== undefined) {
    const count = Object.keys(deprecatedTopology).length;
    const place = `${field}.deprecatedTopology`;
    if (count > MOST_TOPOLOGY_LABELS) errors.push(tooMany(place, count, MOST_TOPOLOGY_LABELS));
    checkLabels(place, deprecatedTopology, errors);
  }
  if (hostname !== undefined) checkLabel(`${field}.hostname`, hostname, errors);
  checkZones(`${field}.hints.forZones`, hints?.forZones ?? [], errors);
}

function checkZones(field: string, zones: readonly { readonly name?: string }[], errors: FieldError[]): void {
  if (zones.length > MOST_ZONES) {
    errors.push(tooMany(field, zones.length, MOST_ZONES));
    return;
  }
  const names = new Set<string>();
  for (const [index, { name = "" }] of zones.entries()) {
    if (names.has(name)) errors.push(duplicateValue(`${field}[${index}].name`, name));
    names.add(name);
    const fault = labelValueFault(name);
    if (fault !== undefined) errors.push(invalidValue(`${field}[${index}].name`, name, fault));
  }
}

function checkPorts(ports: readonly EndpointPort[], errors: FieldError[]): void {
  const names = new Set<string>();
  for (const [index, { name = "", protocol, appProtocol }] of ports.entries()) {
    const field = `ports[${index}]`;
    if (name !== "") checkLabel(`${field}.name`, name, errors);
    if (names.has(name)) errors.push(duplicateValue(`${field}.name`, name));
    names.add(name);
    checkProtocol(`${field}.protocol`, protocol, errors);
    if (appProtocol !== undefined) checkQualifiedName(`${field}.appProtocol`, appProtocol, errors);
  }
}

/** What is no address at all is said to be so twice, as in Kubernetes. */
function checkAddresses(field: string, addresses: readonly EndpointAddress[], errors: FieldError[]): void {
  for (const [index, { ip = "", hostname, nodeName }] of addresses.entries()) {
    const path = `${field}[${index}]`;
    checkAddress(`${path}.ip`, ip, errors);
    if (hostname) checkLabel(`${path}.hostname`, hostname, errors);
    if (nodeName !== undefined) checkNodeName(`${path}.nodeName`, nodeName, errors);
    checkEndpointAddress(`${path}.ip`, ip, errors);
  }
}

function checkTyped(field: string, addressType: string, address: string, errors: FieldError[]): void {
  if (addressType === "FQDN") {
    const fault = domainNameFault(address);
    if (address === "") errors.push(requiredValue(field));
    else if (fault !== undefined) errors.push(invalidValue(field, address, fault));
  }
  if (addressType !== "IPv4" && addressType !== "IPv6") return;
  const isRight = FORMATS[addressType === "IPv4" ? "ipv4" : "ipv6"]?.(address) === true;
  if (isRight) checkPublicAddress(field, address, errors);
  else {
    errors.push(invalidValue(field, address, `must be a valid ${addressType} address`));
    checkEndpointAddress(field, address, errors);
  }
}

function checkLabel(field: string, name: string, errors: FieldError[]): void {
  const fault = dnsLabelFault(name);
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}

function checkNodeName(field: string, name: string, errors: FieldError[]): void {
  const fault = dnsSubdomainFault(name);
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}

function checkProtocol(field: string, protocol: string | undefined, errors: FieldError[]): void {
  if (!protocol) errors.push(requiredValue(field));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(field, protocol, PROTOCOLS));
}
