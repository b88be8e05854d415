import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkLabels, validateMetadata } from "../metadata-validation.ts";
import { dns1035LabelFault, dnsLabelFault } from "../names.ts";
import type { Service, ServicePort, ServiceSpec } from "./service.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const PORT_FAULT = "must be between 1 and 65535, inclusive";
const LONGEST_AFFINITY_SECONDS = 86_400;

/** ValidateService and ValidateServiceUpdate of pkg/apis/core/validation. */
export function validateService(service: Service, old: Service | undefined): readonly FieldError[] {
  const errors = validateMetadata(service.metadata, old?.metadata, dns1035LabelFault);
  const { spec } = service;
  if (spec === old?.spec) return errors;
  if (!TYPES.includes(spec.type)) errors.push(notSupported("spec.type", spec.type, TYPES));
  if (!AFFINITIES.includes(spec.sessionAffinity)) {
    errors.push(notSupported("spec.sessionAffinity", spec.sessionAffinity, AFFINITIES));
  }
  checkAffinitySeconds(spec, errors);
  checkLabels("spec.selector", spec.selector, errors);
  checkAddresses(spec, old?.spec, errors);
  checkPorts(spec, errors);
  return errors;
}

function checkAffinitySeconds({ sessionAffinityConfig }: ServiceSpec, errors: FieldError[]): void {
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds === undefined || (seconds > 0 && seconds <= LONGEST_AFFINITY_SECONDS)) return;
  const field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
  errors.push(invalidValue(field, seconds, `must be between 0 and ${LONGEST_AFFINITY_SECONDS}`));
}

function checkAddresses(spec: ServiceSpec, old: ServiceSpec | undefined, errors: FieldError[]): void {
  const { clusterIP, clusterIPs } = spec;
  if (spec.type === "ExternalName") {
    if (!spec.externalName) errors.push(requiredValue("spec.externalName"));
    if (clusterIP) errors.push(forbidden("spec.clusterIPs", "may not be set for ExternalName services"));
    return;
  }
  if ((clusterIPs?.[0] ?? "") !== (clusterIP ?? "")) {
    errors.push(invalidValue("spec.clusterIPs", clusterIPs ?? [], "first value must match `clusterIP`"));
  }
  if (clusterIP === "None" && spec.type !== "ClusterIP") {
    errors.push(
      invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${spec.type} services`),
    );
  }
  if (old?.clusterIP && old.type !== "ExternalName" && old.clusterIP !== clusterIP) {
    errors.push(invalidValue("spec.clusterIPs[0]", clusterIPs ?? [], "may not change once set"));
  }
}

function checkPorts(spec: ServiceSpec, errors: FieldError[]): void {
  const { ports = [], clusterIP, type } = spec;
  if (ports.length === 0 && clusterIP !== "None" && type !== "ExternalName") {
    errors.push(requiredValue("spec.ports"));
  }
  const names = new Set<string>();
  const pairs = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const field = `spec.ports[${index}]`;
    checkPort(field, port, ports.length > 1, type, errors);
    if (port.name) {
      if (names.has(port.name)) errors.push(duplicateValue(`${field}.name`, port.name));
      names.add(port.name);
    }
    const pair = `${port.port}/${port.protocol}`;
    if (pairs.has(pair)) errors.push(duplicateValue(field, { protocol: port.protocol, port: port.port }));
    pairs.add(pair);
  }
}

function checkPort(
  field: string,
  { name, port, protocol, targetPort, nodePort }: ServicePort,
  needsName: boolean,
  type: string,
  errors: FieldError[],
): void {
  if (needsName && !name) errors.push(requiredValue(`${field}.name`));
  else if (name) {
    const fault = dnsLabelFault(name);
    if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
  }
  if (!isPort(port)) errors.push(invalidValue(`${field}.port`, port ?? 0, PORT_FAULT));
  if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${field}.protocol`, protocol, PROTOCOLS));
  const targetFault = targetPortFault(targetPort);
  if (targetFault !== undefined) errors.push(invalidValue(`${field}.targetPort`, targetPort, targetFault));
  if (nodePort && (type === "ClusterIP" || type === "ExternalName")) {
    errors.push(forbidden(`${field}.nodePort`, `may not be used when \`type\` is '${type}'`));
  }
}

function targetPortFault(target: number | string): string | undefined {
  if (typeof target === "number") return isPort(target) ? undefined : PORT_FAULT;
  if (target.length > 15) return "must be no more than 15 characters";
  if (!/^[a-z0-9-]+$/.test(target))
    return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
  if (!/[a-z]/.test(target)) return "must contain at least one letter (a-z)";
  if (target.includes("--")) return "must not contain consecutive hyphens";
  return /^-|-$/.test(target) ? "must not begin or end with a hyphen" : undefined;
}

function isPort(port: number | undefined): boolean {
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;
}
