import { isAddress } from "../addresses-validation.ts";
import { invalid } from "../errors.ts";
import { invalidValue } from "../field-errors.ts";
import { type Service, type ServicePort, type ServiceSpec, services } from "../kinds/service.ts";
import { keyText } from "../meta.ts";
import type { Admission, Lookup } from "./admission.ts";
import { withoutLeftovers } from "./service-leftovers.ts";

const RANGE = "10.96.0.0/16";
const ADDRESS = /^10\.96\.(\d{1,3})\.(\d{1,3})$/;
/** The first ones are left to those who ask for them by name, such as the services `kubernetes` and `kube-dns`. */
const FIRST_ADDRESS = 256;
const LAST_ADDRESS = 65_534;
const FIRST_PORT = 30_000;
const LAST_PORT = 32_767;

/**
 * Gives services addresses of 10.96.0.0/16 and ports of the nodes (30000-32767), each to one service only. What is
 * taken is what stored services have, so that nothing can be lost; where to look first follows from the name.
 */
export const allocateService: Admission = {
  name: "ServiceAllocation",
  kinds: [services.schema],
  admit: (object, { lookup }) => allocated(object as Service, undefined, lookup),
  admitChange(object, old, { lookup }) {
    const [service, before] = [object as Service, old as Service];
    if (service.spec === before.spec) return service;
    const spec = withoutLeftovers(service.spec, before.spec);
    return allocated(spec === service.spec ? service : { ...service, spec }, before, lookup);
  },
};

function allocated(service: Service, old: Service | undefined, lookup: Lookup): Service {
  const spec = withNodePorts(service, withAddress(service, old, lookup), old, lookup);
  return spec === service.spec ? service : { ...service, spec };
}

function withAddress(service: Service, old: Service | undefined, lookup: Lookup): ServiceSpec {
  const { spec } = service;
  if (spec.type === "ExternalName") return old === undefined ? spec : withoutAddress(spec, old.spec);
  const kept = old?.spec.type === "ExternalName" ? undefined : old?.spec.clusterIP;
  const asked = spec.clusterIP || spec.clusterIPs?.[0] || kept;
  if (asked === kept && kept !== undefined) return setAddress(spec, kept);
  // Anything else than another address is refused by validation, in its own words.
  if (kept !== undefined && asked !== undefined && spec.clusterIPs?.[0] === kept) {
    // Whoever changes one of the two means both (NormalizeClusterIPs).
    return { ...spec, clusterIP: asked, clusterIPs: [asked] };
  }
  if (kept !== undefined || asked === "None" || (asked !== undefined && !isAddress(asked)))
    return asked === undefined ? spec : setAddress(spec, asked);
  const taken = new Set(lookup.list(services).map((other) => other.spec.clusterIP));
  if (asked === undefined) return setAddress(spec, freeAddress(service, taken));
  const why = !ADDRESS.test(asked)
    ? `the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${RANGE}`
    : "provided IP is already allocated";
  if (!ADDRESS.test(asked) || taken.has(asked)) {
    const fault = invalidValue("spec.clusterIPs", [asked], `failed to allocate IP ${asked}: ${why}`);
    throw invalid(services, service.metadata.name, [fault]);
  }
  return setAddress(spec, asked);
}

function setAddress(spec: ServiceSpec, clusterIP: string): ServiceSpec {
  if (spec.clusterIP === clusterIP && spec.clusterIPs !== undefined) return spec;
  return { ...spec, clusterIP, clusterIPs: spec.clusterIPs ?? [clusterIP] };
}

/** A service that turns into a name gives its address back. */
function withoutAddress(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  if (spec.clusterIP === undefined || spec.clusterIP !== old.clusterIP) return spec;
  const { clusterIP: _address, clusterIPs: _addresses, ...rest } = spec;
  return rest;
}

function freeAddress(service: Service, taken: ReadonlySet<string | undefined>): string {
  const size = LAST_ADDRESS - FIRST_ADDRESS + 1;
  const start = startingPoint(service, size);
  for (let step = 0; step < size; step++) {
    const number = FIRST_ADDRESS + ((start + step) % size);
    const address = `10.96.${number >> 8}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
  const fault = invalidValue("spec.clusterIPs", [], "failed to allocate a serviceIP: range is full");
  throw invalid(services, service.metadata.name, [fault]);
}

function withNodePorts(
  service: Service,
  spec: ServiceSpec,
  old: Service | undefined,
  lookup: Lookup,
): ServiceSpec {
  const { ports } = spec;
  if (ports === undefined) return spec;
  const hasPorts =
    spec.type === "NodePort" ||
    (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
  if (!hasPorts) return old === undefined ? spec : withoutNodePorts(spec, ports, old.spec);
  const own = (old?.spec.ports ?? []).map(({ nodePort }) => nodePort);
  if (ports.every(({ nodePort }) => nodePort !== undefined && nodePort !== 0 && own.includes(nodePort))) {
    return spec;
  }
  const taken = takenPorts(service, lookup);
  const given = new Set<number>();
  const complete = ports.map((port, index) => {
    const known = port.nodePort || own[index];
    const nodePort = known ?? freePort(service, taken, given, ports);
    if (known !== undefined && !own.includes(known)) checkAsked(service, index, known, taken);
    given.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...spec, ports: complete };
}

/** A service that no longer opens ports of nodes gives those back that nobody asked to keep. */
function withoutNodePorts(spec: ServiceSpec, ports: readonly ServicePort[], old: ServiceSpec): ServiceSpec {
  if (old.type !== "NodePort" && old.type !== "LoadBalancer") return spec;
  const before = new Set((old.ports ?? []).map(({ nodePort }) => nodePort));
  return {
    ...spec,
    ports: ports.map((port) => {
      if (!before.has(port.nodePort)) return port;
      const { nodePort: _given, ...rest } = port;
      return rest;
    }),
  };
}

function takenPorts(service: Service, lookup: Lookup): Set<number> {
  const taken = new Set<number>();
  const own = keyText(service.metadata);
  for (const other of lookup.list(services)) {
    if (keyText(other.metadata) === own) continue;
    for (const { nodePort } of other.spec.ports ?? []) if (nodePort) taken.add(nodePort);
  }
  return taken;
}

function checkAsked(service: Service, index: number, port: number, taken: ReadonlySet<number>): void {
  const why =
    port < FIRST_PORT || port > LAST_PORT
      ? `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`
      : "provided port is already allocated";
  if (port >= FIRST_PORT && port <= LAST_PORT && !taken.has(port)) return;
  const fault = invalidValue(`spec.ports[${index}].nodePort`, port, why);
  throw invalid(services, service.metadata.name, [fault]);
}

function freePort(
  service: Service,
  taken: ReadonlySet<number>,
  given: ReadonlySet<number>,
  ports: readonly ServicePort[],
): number {
  const size = LAST_PORT - FIRST_PORT + 1;
  const start = startingPoint(service, size);
  const asked = new Set(ports.map(({ nodePort }) => nodePort));
  for (let step = 0; step < size; step++) {
    const port = FIRST_PORT + ((start + step) % size);
    if (!taken.has(port) && !given.has(port) && !asked.has(port)) return port;
  }
  const fault = invalidValue("spec.ports[0].nodePort", 0, "failed to allocate a nodePort: range is full");
  throw invalid(services, service.metadata.name, [fault]);
}

/** FNV-1a over namespace and name: spreads services without a stream of chance, and always the same way. */
function startingPoint({ metadata }: Service, size: number): number {
  let hash = 0x811c9dc5;
  for (const letter of keyText(metadata)) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) as number), 0x01000193);
  }
  return (hash >>> 0) % size;
}
