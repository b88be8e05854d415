import type { FieldError } from "../errors.ts";
import {
  duplicateValue,
  forbidden,
  IMMUTABLE,
  invalidValue,
  notSupported,
  requiredValue,
} from "../field-errors.ts";
import { checkLabels, checkQualifiedName, validateMetadata } from "../metadata-validation.ts";
import { dns1035LabelFault, dnsLabelFault, dnsSubdomainFault } from "../names.ts";
import { checkPortNumber, checkPortNumberOrName, PROTOCOLS } from "./container-ports-validation.ts";
import type { Service, ServicePort, ServiceSpec } from "./service.ts";
import { checkAddresses, checkAddressesKept } from "./service-addresses-validation.ts";
import { checkTraffic } from "./service-traffic-validation.ts";

/** Sorted, as refusals name them. */
const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];
const LONGEST_AFFINITY_SECONDS = 86_400;

/** ValidateService and ValidateServiceUpdate of pkg/apis/core/validation. */
export function validateService(service: Service, old: Service | undefined): readonly FieldError[] {
  const errors = validateMetadata(service.metadata, old?.metadata, { nameFault: dns1035LabelFault });
  const { spec } = service;
  if (spec === old?.spec) return errors;
  if (old !== undefined) checkUpdate(spec, old.spec, errors);
  checkShape(spec, errors);
  checkPorts(spec, errors);
  checkLabels("spec.selector", spec.selector, errors);
  checkAffinity(spec, errors);
  checkAddresses(spec, errors);
  if (!TYPES.includes(spec.type)) errors.push(notSupported("spec.type", spec.type, TYPES));
  checkPairs(spec, errors);
  checkTraffic(spec, errors);
  return errors;
}

function checkUpdate(spec: ServiceSpec, old: ServiceSpec, errors: FieldError[]): void {
  checkAddressesKept(spec, old, errors);
  const isBalanced = spec.type === "LoadBalancer" && old.type === "LoadBalancer";
  if (isBalanced && spec.loadBalancerClass !== old.loadBalancerClass) {
    errors.push(
      invalidValue("spec.loadBalancerClass", spec.loadBalancerClass ?? "null", "may not change once set"),
    );
  }
  const needsCheck = isBalanced && [spec, old].every((one) => one.externalTrafficPolicy === "Local");
  if (needsCheck && spec.healthCheckNodePort !== old.healthCheckNodePort) {
    errors.push(forbidden("spec.healthCheckNodePort", IMMUTABLE));
  }
}

/** What services of each type must have and must not. */
function checkShape(spec: ServiceSpec, errors: FieldError[]): void {
  const { type, ports = [], clusterIPs = [], externalName = "" } = spec;
  const isHeadless = clusterIPs.length === 1 && clusterIPs[0] === "None";
  if (ports.length === 0 && !isHeadless && type !== "ExternalName") errors.push(requiredValue("spec.ports"));
  if (isHeadless && (type === "LoadBalancer" || type === "NodePort")) {
    errors.push(invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`));
  }
  if (type !== "ExternalName") return;
  const detail = "may not be set for ExternalName services";
  if (clusterIPs.length > 0 || spec.clusterIP) errors.push(forbidden("spec.clusterIPs", detail));
  if (spec.ipFamilies?.length) errors.push(forbidden("spec.ipFamilies", detail));
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden("spec.ipFamilyPolicy", detail));
  const name = externalName.endsWith(".") ? externalName.slice(0, -1) : externalName;
  const fault = name === "" ? undefined : dnsSubdomainFault(name);
  if (name === "") errors.push(requiredValue("spec.externalName"));
  else if (fault !== undefined) errors.push(invalidValue("spec.externalName", name, fault));
}

function checkPorts({ ports = [] }: ServiceSpec, errors: FieldError[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    checkPort(`spec.ports[${index}]`, port, ports.length > 1, names, errors);
  }
}

function checkPort(
  field: string,
  { name, port, protocol, targetPort, appProtocol }: ServicePort,
  needsName: boolean,
  names: Set<string>,
  errors: FieldError[],
): void {
  if (needsName && !name) errors.push(requiredValue(`${field}.name`));
  else if (name) {
    const fault = dnsLabelFault(name);
    if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
    if (names.has(name)) errors.push(duplicateValue(`${field}.name`, name));
    names.add(name);
  }
  checkPortNumber(`${field}.port`, port ?? 0, errors);
  if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${field}.protocol`, protocol, PROTOCOLS));
  checkPortNumberOrName(`${field}.targetPort`, targetPort, errors);
  if (appProtocol !== undefined) checkQualifiedName(`${field}.appProtocol`, appProtocol, errors);
}

function checkAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec, errors: FieldError[]): void {
  if (!AFFINITIES.includes(sessionAffinity)) {
    errors.push(notSupported("spec.sessionAffinity", sessionAffinity, AFFINITIES));
  }
  if (sessionAffinity !== "ClientIP") return;
  const field = "spec.sessionAffinityConfig.clientIP";
  const because = "when session affinity type is ClientIP";
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (sessionAffinityConfig?.clientIP === undefined) errors.push(requiredValue(field, because));
  else if (seconds === undefined) errors.push(requiredValue(`${field}.timeoutSeconds`, because));
  else if (seconds <= 0 || seconds > LONGEST_AFFINITY_SECONDS) {
    const detail = `must be greater than 0 and less than ${LONGEST_AFFINITY_SECONDS}`;
    errors.push(invalidValue(`${field}.timeoutSeconds`, seconds, detail));
  }
}

/** Ports that two of the service's ports mean: of the nodes, and of itself. */
function checkPairs({ ports = [], type }: ServiceSpec, errors: FieldError[]): void {
  const nodePorts = new Set<string>();
  const pairs = new Set<string>();
  for (const [index, { nodePort }] of ports.entries()) {
    if (!nodePort || type !== "ClusterIP") continue;
    errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  }
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicateValue(`spec.ports[${index}].nodePort`, nodePort));
    nodePorts.add(key);
  }
  for (const [index, { port, protocol }] of ports.entries()) {
    // Kubernetes shows a whole port with nothing else in it, as its own code calls the parts.
    const shown = {
      ...{ Name: "", Protocol: protocol, AppProtocol: null },
      ...{ Port: port, TargetPort: 0, NodePort: 0 },
    };
    const key = `${protocol}/${port}`;
    if (pairs.has(key)) errors.push(duplicateValue(`spec.ports[${index}]`, shown));
    pairs.add(key);
  }
}
