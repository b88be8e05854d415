import { deepEqual } from "../../api/deep-equal.ts";
import type { Endpoint, EndpointSlice } from "../../api/kinds/endpoint-slice.ts";
import type { EndpointAddress, Endpoints } from "../../api/kinds/endpoints.ts";

/** What a slice that mirrors says. */
export type Mirrored = Pick<EndpointSlice, "addressType" | "endpoints" | "ports">;

/** Of a subset no more are mirrored (kube-controller-manager, mirroring-max-endpoints-per-subset). */
const MOST_OF_SUBSET = 1_000;

/** One slice for each kind of address and set of ports, in the order in which they come. */
export function mirroredSlices({ subsets = [] }: Endpoints): readonly Mirrored[] {
  const slices: { addressType: string; ports: NonNullable<EndpointSlice["ports"]>; endpoints: Endpoint[] }[] =
    [];
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const all = [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ];
    for (const endpoint of all.slice(0, MOST_OF_SUBSET)) {
      const addressType = endpoint.addresses[0]?.includes(":") ? "IPv6" : "IPv4";
      let slice = slices.find((one) => one.addressType === addressType && deepEqual(one.ports, ports));
      if (slice === undefined) {
        slice = { addressType, ports: [...ports], endpoints: [] };
        slices.push(slice);
      }
      if (slice.endpoints.length < MOST_OF_SUBSET) slice.endpoints.push(endpoint);
    }
  }
  return slices;
}

/** The slice that is to say it, of those that are there: one keeps its kind of address and its ports. */
export function sliceFor({ addressType, ports = [] }: Mirrored, there: readonly EndpointSlice[]) {
  return there.find((slice) => slice.addressType === addressType && deepEqual(slice.ports ?? [], ports));
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef: targetRef as NonNullable<Endpoint["targetRef"]> }),
  };
}
