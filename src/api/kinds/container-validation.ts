import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { dnsLabelFault } from "../names.ts";
import type { Container, PodSpec } from "./pod.ts";
import { checkProbes } from "./probe-validation.ts";
import { checkResources } from "./resource-validation.ts";
import { checkVolumeMounts } from "./volume-validation.ts";

const PULL_POLICIES = ["Always", "Never", "IfNotPresent"];
const PROTOCOLS = ["TCP", "UDP", "SCTP"];

/** Containers and init containers: at least one container, names that are unique among both. */
export function checkContainers(spec: PodSpec, errors: FieldError[]): void {
  if (spec.containers === undefined || spec.containers.length === 0) {
    errors.push(requiredValue("spec.containers"));
    return;
  }
  const seen = new Set<string>();
  checkList("spec.containers", spec.containers, spec.volumes, seen, errors);
  if (spec.initContainers === undefined) return;
  checkList("spec.initContainers", spec.initContainers, spec.volumes, seen, errors);
}

function checkList(
  list: string,
  containers: readonly Container[],
  volumes: PodSpec["volumes"],
  seen: Set<string>,
  errors: FieldError[],
): void {
  for (let index = 0; index < containers.length; index++) {
    const container = containers[index] as Container;
    const field = `${list}[${index}]`;
    checkName(field, container.name, seen, errors);
    if (container.resources !== undefined) checkResources(field, container.resources, errors);
    if (container.ports !== undefined) checkPorts(field, container.ports, errors);
    if (container.env !== undefined) checkEnvironment(field, container.env, errors);
    const { imagePullPolicy, restartPolicy, volumeMounts } = container;
    if (volumeMounts !== undefined) checkVolumeMounts(field, volumeMounts, volumes, errors);
    if (isProbed(container)) {
      checkProbes(field, container, list === "spec.initContainers" && restartPolicy !== "Always", errors);
    }
    if (imagePullPolicy !== undefined && !PULL_POLICIES.includes(imagePullPolicy)) {
      errors.push(notSupported(`${field}.imagePullPolicy`, imagePullPolicy, PULL_POLICIES));
    }
    if (restartPolicy !== undefined && list === "spec.initContainers" && restartPolicy !== "Always") {
      errors.push(notSupported(`${field}.restartPolicy`, restartPolicy, ["Always"]));
    }
  }
}

/** Most containers have nothing of the kind. */
function isProbed({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): boolean {
  return (livenessProbe ?? readinessProbe ?? startupProbe ?? lifecycle) !== undefined;
}

/** A container's name: given, well-formed, and none that was seen before; adds it to those. */
export function checkName(field: string, name: string, seen: Set<string>, errors: FieldError[]): void {
  if (!name) {
    errors.push(requiredValue(`${field}.name`));
    return;
  }
  const fault = dnsLabelFault(name);
  if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
  else if (seen.has(name)) errors.push(duplicateValue(`${field}.name`, name));
  seen.add(name);
}

function checkPorts(field: string, ports: NonNullable<Container["ports"]>, errors: FieldError[]): void {
  for (const [index, { containerPort, hostPort, protocol }] of ports.entries()) {
    const at = `${field}.ports[${index}]`;
    if (!containerPort) errors.push(requiredValue(`${at}.containerPort`));
    else checkPortNumber(`${at}.containerPort`, containerPort, errors);
    if (hostPort) checkPortNumber(`${at}.hostPort`, hostPort, errors);
    if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
      errors.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS));
    }
  }
}

function checkPortNumber(field: string, port: number, errors: FieldError[]): void {
  if (port < 1 || port > 65_535) {
    errors.push(invalidValue(field, port, "must be between 1 and 65535, inclusive"));
  }
}

function checkEnvironment(field: string, env: NonNullable<Container["env"]>, errors: FieldError[]): void {
  for (const [index, { name }] of env.entries()) {
    if (!name) errors.push(requiredValue(`${field}.env[${index}].name`));
  }
}
