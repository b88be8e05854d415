import type { ContainerPort, PodSpec } from "./pod.ts";

interface Place {
  readonly field: string;
  readonly port: ContainerPort;
}

/** Ports that are declared twice in a pod, in the same words or in others. */
export function portWarnings(at: string, spec: PodSpec): readonly string[] {
  const warnings: string[] = [];
  const known = new Map<string, Place[]>();
  for (const list of ["initContainers", "containers"] as const) {
    for (const [index, { ports = [] }] of (spec[list] ?? []).entries()) {
      for (const [place, port] of ports.entries()) {
        const here = { field: `${at}.${list}[${index}].ports[${place}]`, port };
        if (port.hostIP && !port.hostPort) {
          warnings.push(`${here.field}: hostIP set without hostPort: ${asText(port)}`);
        }
        const key = `${port.containerPort}/${port.protocol}`;
        const others = known.get(key) ?? [];
        for (const other of others) warnings.push(...conflict(here, other));
        known.set(key, [...others, here]);
      }
    }
  }
  return warnings;
}

function conflict({ field, port }: Place, other: Place): string[] {
  const [hostIP, hostPort] = [port.hostIP ?? "", port.hostPort ?? 0];
  const [otherIP, otherPort] = [other.port.hostIP ?? "", other.port.hostPort ?? 0];
  if (hostIP === otherIP && hostPort === otherPort) {
    return [`${field}: duplicate port definition with ${other.field}`];
  }
  if (hostPort === 0 || otherPort === 0) {
    return [`${field}: overlapping port definition with ${other.field}`];
  }
  if (hostPort === otherPort && (hostIP === "") !== (otherIP === "")) {
    return [`${field}: dangerously ambiguous port definition with ${other.field}`];
  }
  return [];
}

/** As Go prints it. */
function asText({
  name = "",
  hostPort = 0,
  containerPort,
  protocol = "",
  hostIP = "",
}: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}
