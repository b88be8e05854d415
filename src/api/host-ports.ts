import type { PodSpec } from "./kinds/pod.ts";

/** A port of the node that a container wants for itself. */
export interface HostPort {
  /** `0.0.0.0` stands for every address of the node. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const ANY = "0.0.0.0";

/** The ports of one node that pods hold, and how many pods hold each (kube-scheduler, framework.HostPortInfo). */
export class HostPorts {
  /** By protocol and port: by address, how many hold it. */
  readonly #held = new Map<string, Map<string, number>>();

  /** Adds the ports of a pod (sign 1), or takes them out (sign -1). */
  take(ports: readonly HostPort[], sign: 1 | -1): void {
    for (const { ip, protocol, port } of ports) {
      const key = `${protocol}/${port}`;
      const byAddress = this.#held.get(key) ?? new Map<string, number>();
      const count = (byAddress.get(ip) ?? 0) + sign;
      if (count > 0) byAddress.set(ip, count);
      else byAddress.delete(ip);
      if (byAddress.size > 0) this.#held.set(key, byAddress);
      else this.#held.delete(key);
    }
  }

  /** True when one of the ports is taken: of the same address, or where one of the two means every address. */
  conflictsWith(ports: readonly HostPort[]): boolean {
    return ports.some(({ ip, protocol, port }) => {
      const byAddress = this.#held.get(`${protocol}/${port}`);
      return byAddress !== undefined && (ip === ANY || byAddress.has(ip) || byAddress.has(ANY));
    });
  }

  copy(): HostPorts {
    const copy = new HostPorts();
    for (const [key, byAddress] of this.#held) copy.#held.set(key, new Map(byAddress));
    return copy;
  }
}

const NO_PORTS: readonly HostPort[] = [];

/** Ports of containers and of sidecars; on the network of the node a pod holds every port that it names. */
export function hostPortsOf(spec: PodSpec): readonly HostPort[] {
  let ports = NO_PORTS;
  if (spec.initContainers === undefined && spec.containers.every((one) => one.ports === undefined))
    return ports;
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always") ?? [];
  for (const container of sidecars.length === 0 ? spec.containers : [...spec.containers, ...sidecars]) {
    for (const { hostPort, hostIP, protocol, containerPort } of container.ports ?? []) {
      const port = hostPort || (spec.hostNetwork === true ? containerPort : 0);
      if (port > 0) ports = [...ports, { ip: hostIP || "0.0.0.0", protocol: protocol ?? "TCP", port }];
    }
  }
  return ports;
}
