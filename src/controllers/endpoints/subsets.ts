import type { Endpoint, EndpointSlice } from "../../api/kinds/endpoint-slice.ts";
import type { EndpointAddress, EndpointSubset, Endpoints } from "../../api/kinds/endpoints.ts";

type Subset = {
  -readonly [Key in keyof EndpointSubset]: EndpointSubset[Key];
};

/** What Endpoints say of the same pods: one subset for each set of ports, addresses in their order. */
export function subsetsOf(slices: readonly EndpointSlice[]): NonNullable<Endpoints["subsets"]> {
  const byPorts = new Map<
    string,
    { ready: EndpointAddress[]; notReady: EndpointAddress[]; subset: Subset }
  >();
  for (const { ports = [], endpoints } of slices) {
    const text = JSON.stringify(ports);
    let group = byPorts.get(text);
    if (group === undefined) {
      group = { ready: [], notReady: [], subset: { ...(ports.length > 0 && { ports: ports.map(portOf) }) } };
      byPorts.set(text, group);
    }
    for (const endpoint of endpoints) {
      if (endpoint.conditions?.terminating === true) continue;
      (endpoint.conditions?.ready === false ? group.notReady : group.ready).push(...addressesOf(endpoint));
    }
  }
  return [...byPorts.values()]
    .filter(({ ready, notReady }) => ready.length + notReady.length > 0)
    .map(({ ready, notReady, subset }) => ({
      ...(ready.length > 0 && { addresses: ready.sort(byAddress) }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady.sort(byAddress) }),
      ...subset,
    }));
}

function portOf({ name, port = 0, protocol = "TCP" }: NonNullable<EndpointSlice["ports"]>[number]) {
  return { ...(name && { name }), port, protocol };
}

function addressesOf({ addresses, nodeName, targetRef }: Endpoint): EndpointAddress[] {
  return addresses.map((ip) => ({ ip, ...(nodeName && { nodeName }), ...(targetRef && { targetRef }) }));
}

function byAddress(a: EndpointAddress, b: EndpointAddress): number {
  return a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0;
}
