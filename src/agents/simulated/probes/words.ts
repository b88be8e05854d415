import type { Container, Probe } from "../../../api/kinds/pod.ts";
import type { ProbeStep } from "./steps.ts";

/** What a kubelet tells of a probe that failed: the message of its event `Unhealthy`. */
export function failureText(container: Container, probe: ProbeStep["probe"], podIP: string): string {
  return `${probe} probe failed: ${outcome(probeOf(container, probe), podIP)}`;
}

/** What it tells when it ends a container for it. */
export function killText(name: string, probe: ProbeStep["probe"], isRestarted: boolean): string {
  const text = `Container ${name} failed ${probe.toLowerCase()} probe`;
  return isRestarted ? `${text}, will be restarted` : text;
}

/** The probe of the container of that name. */
export function probeOf(container: Container, probe: ProbeStep["probe"]): Probe | undefined {
  return container[PROBE_FIELDS[probe]];
}

const PROBE_FIELDS = {
  Startup: "startupProbe",
  Readiness: "readinessProbe",
  Liveness: "livenessProbe",
} as const satisfies Record<ProbeStep["probe"], keyof Container>;

function outcome(probe: Probe | undefined, podIP: string): string {
  if (probe?.tcpSocket !== undefined) {
    const address = `${podIP}:${probe.tcpSocket.port}`;
    return `dial tcp ${address}: connect: connection refused`;
  }
  if (probe?.grpc !== undefined) return 'service unhealthy (responded with "NOT_SERVING")';
  return probe?.exec !== undefined ? "command failed" : "HTTP probe failed with statuscode: 503";
}
