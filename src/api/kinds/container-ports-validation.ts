import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { portNameFaults } from "../names.ts";
import type { Container, ContainerPort, PodSpec } from "./pod.ts";

/** Sorted, as refusals name them. */
export const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const PORT_RANGE = "must be between 1 and 65535, inclusive";

/** validateContainerPorts of pkg/apis/core/validation. */
export function checkContainerPorts(
  field: string,
  ports: readonly ContainerPort[],
  errors: FieldError[],
): void {
  const names = new Set<string>();
  for (const [index, { name, containerPort, hostPort, protocol = "TCP" }] of ports.entries()) {
    const at = `${field}[${index}]`;
    if (name) checkPortName(`${at}.name`, name, names, errors);
    if (!containerPort) errors.push(requiredValue(`${at}.containerPort`));
    else checkPortNumber(`${at}.containerPort`, containerPort, errors);
    if (hostPort) checkPortNumber(`${at}.hostPort`, hostPort, errors);
    if (protocol === "") errors.push(requiredValue(`${at}.protocol`));
    else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS));
  }
}

function checkPortName(field: string, name: string, names: Set<string>, errors: FieldError[]): void {
  const faults = portNameFaults(name);
  for (const fault of faults) errors.push(invalidValue(field, name, fault));
  if (faults.length > 0) return;
  if (names.has(name)) errors.push(duplicateValue(field, name));
  names.add(name);
}

/** IsValidPortNum. */
export function checkPortNumber(field: string, port: number, errors: FieldError[]): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    errors.push(invalidValue(field, port, PORT_RANGE));
}

/** ValidatePortNumOrName: by which a probe or a service means a port. */
export function checkPortNumberOrName(
  field: string,
  port: number | string | undefined,
  errors: FieldError[],
): void {
  if (typeof port !== "string") checkPortNumber(field, port ?? 0, errors);
  else for (const fault of portNameFaults(port)) errors.push(invalidValue(field, port, fault));
}

/** Ports of the node that two of the containers ask for (checkHostPortConflicts). */
export function checkHostPorts(list: string, containers: readonly Container[], errors: FieldError[]): void {
  let seen: Set<string> | undefined;
  for (let place = 0; place < containers.length; place++) {
    const { ports } = containers[place] as Container;
    if (ports === undefined) continue;
    for (const [index, { hostPort, hostIP = "", protocol = "TCP" }] of ports.entries()) {
      if (!hostPort) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      seen ??= new Set();
      if (seen.has(key)) errors.push(duplicateValue(`${list}[${place}].ports[${index}].hostPort`, key));
      seen.add(key);
    }
  }
}

/** On the network of its node a port of a container is the node's (validatePodHostNetworkDeps). */
export function checkHostNetworkPorts({ hostNetwork, containers }: PodSpec, errors: FieldError[]): void {
  if (hostNetwork !== true) return;
  for (const [place, { ports = [] }] of (containers ?? []).entries()) {
    for (const [index, { hostPort, containerPort }] of ports.entries()) {
      // One that is not given is set to the same.
      if (!hostPort || hostPort === containerPort) continue;
      const detail = "must match `containerPort` when `hostNetwork` is true";
      errors.push(invalidValue(`spec.containers[${place}].ports[${index}].hostPort`, hostPort, detail));
    }
  }
}
