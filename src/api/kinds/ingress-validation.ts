import { isAddress } from "../addresses-validation.ts";
import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { dns1035LabelFault, dnsSubdomainFault, portNameFaults, wildcardFault } from "../names.ts";
import type { Ingress, IngressBackend, IngressPath, IngressRule, IngressStatus } from "./ingress.ts";
import { checkLocalReference } from "./local-reference-validation.ts";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
/** What paths must not have in them, and not end with, where they are compared by their parts. */
const UNCLEAR_PARTS = ["//", "/./", "/../", "%2f", "%2F"];
const UNCLEAR_ENDS = ["/..", "/."];
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const NOT_AN_ADDRESS = "must be a DNS name, not an IP address";

/** ValidateIngressSpec (pkg/apis/networking/validation). */
export function checkIngressSpec(
  { rules, defaultBackend, tls = [], ingressClassName }: Ingress["spec"],
  errors: FieldError[],
): void {
  if (!rules?.length && defaultBackend === undefined) {
    const detail = "either `defaultBackend` or `rules` must be specified";
    errors.push(invalidValue("spec", rules ?? null, detail));
  }
  if (defaultBackend !== undefined) checkBackend("spec.defaultBackend", defaultBackend, errors);
  for (const [index, rule] of (rules ?? []).entries()) checkRule(`spec.rules[${index}]`, rule, errors);
  for (const [index, { hosts = [], secretName }] of tls.entries()) {
    for (const [at, host] of hosts.entries()) checkHost(`spec.tls[${index}].hosts[${at}]`, host, errors);
    if (secretName) checkSubdomain(`spec.tls[${index}].secretName`, secretName, errors);
  }
  if (ingressClassName !== undefined) checkSubdomain("spec.ingressClassName", ingressClassName, errors);
}

/** A new Ingress that says its class in two ways must say the same (ValidateIngressCreate). */
export function checkClassAnnotation({ metadata, spec }: Ingress, errors: FieldError[]): void {
  const said = metadata.annotations?.[CLASS_ANNOTATION];
  if (said === undefined || spec.ingressClassName === undefined || said === spec.ingressClassName) return;
  const detail = "must match `ingressClassName` when both are specified";
  errors.push(invalidValue(`annotations.${CLASS_ANNOTATION}`, said, detail));
}

/** What is said of the old way to name a class. */
export function classWarnings(annotations: Readonly<Record<string, string>> = {}): readonly string[] {
  if (!Object.hasOwn(annotations, CLASS_ANNOTATION)) return [];
  return [`annotation "${CLASS_ANNOTATION}" is deprecated, please use 'spec.ingressClassName' instead`];
}

/** ValidateIngressLoadBalancerStatus. */
export function checkIngressStatus({ loadBalancer }: IngressStatus, errors: FieldError[]): void {
  for (const [index, { ip, hostname }] of (loadBalancer?.ingress ?? []).entries()) {
    const field = `status.loadBalancer.ingress[${index}]`;
    if (ip && !isAddress(ip)) {
      const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
      errors.push(invalidValue(`${field}.ip`, ip, detail));
    }
    if (!hostname) continue;
    checkSubdomain(`${field}.hostname`, hostname, errors);
    if (isAddress(hostname)) errors.push(invalidValue(`${field}.hostname`, hostname, NOT_AN_ADDRESS));
  }
}

function checkRule(field: string, { host, http }: IngressRule, errors: FieldError[]): void {
  if (host) {
    if (isAddress(host)) errors.push(invalidValue(`${field}.host`, host, NOT_AN_ADDRESS));
    checkHost(`${field}.host`, host, errors);
  }
  if (http === undefined) return;
  const { paths = [] } = http;
  if (paths.length === 0) errors.push(requiredValue(`${field}.http.paths`));
  for (const [index, path] of paths.entries()) checkPath(`${field}.http.paths[${index}]`, path, errors);
}

function checkHost(field: string, host: string, errors: FieldError[]): void {
  const fault = host.includes("*") ? wildcardFault(host) : dnsSubdomainFault(host);
  if (fault !== undefined) errors.push(invalidValue(field, host, fault));
}

function checkSubdomain(field: string, name: string, errors: FieldError[]): void {
  const fault = dnsSubdomainFault(name);
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}

function checkPath(field: string, { path = "", pathType, backend }: IngressPath, errors: FieldError[]): void {
  if (pathType === undefined) {
    errors.push(requiredValue(`${field}.pathType`, "pathType must be specified"));
    return;
  }
  if (!PATH_TYPES.includes(pathType)) {
    errors.push(notSupported(`${field}.pathType`, pathType, PATH_TYPES));
  } else if (pathType !== "ImplementationSpecific") checkParts(`${field}.path`, path, errors);
  else if (path !== "") checkIsAbsolute(`${field}.path`, path, errors);
  checkBackend(`${field}.backend`, backend ?? {}, errors);
}

function checkParts(field: string, path: string, errors: FieldError[]): void {
  checkIsAbsolute(field, path, errors);
  for (const part of UNCLEAR_PARTS) {
    if (path.includes(part)) errors.push(invalidValue(field, path, `must not contain '${part}'`));
  }
  for (const end of UNCLEAR_ENDS) {
    if (path.endsWith(end)) errors.push(invalidValue(field, path, `cannot end with '${end}'`));
  }
}

function checkIsAbsolute(field: string, path: string, errors: FieldError[]): void {
  if (!path.startsWith("/")) errors.push(invalidValue(field, path, "must be an absolute path"));
}

function checkBackend(field: string, { service, resource }: IngressBackend, errors: FieldError[]): void {
  if (service !== undefined && resource !== undefined) {
    errors.push(invalidValue(field, "", "cannot set both resource and service backends"));
  } else if (resource !== undefined) checkLocalReference(`${field}.resource`, resource, errors);
  else if (service !== undefined) checkService(field, service, errors);
  else errors.push(invalidValue(field, "", "resource or service backend is required"));
}

function checkService(
  field: string,
  { name, port }: NonNullable<IngressBackend["service"]>,
  errors: FieldError[],
): void {
  const fault = name ? dns1035LabelFault(name) : undefined;
  if (!name) errors.push(requiredValue(`${field}.service.name`));
  else if (fault !== undefined) errors.push(invalidValue(`${field}.service.name`, name, fault));
  const { name: portName, number } = port ?? {};
  if (portName && number) {
    errors.push(invalidValue(field, "", "cannot set both port name & port number"));
  } else if (portName) {
    for (const said of portNameFaults(portName)) {
      errors.push(invalidValue(`${field}.service.port.name`, portName, said));
    }
  } else if (!number) errors.push(requiredValue(field, "port name or number is required"));
  else if (number < 1 || number > 65_535) {
    const detail = "must be between 1 and 65535, inclusive";
    errors.push(invalidValue(`${field}.service.port.number`, number, detail));
  }
}
