import { deepEqual } from "../../api/deep-equal.ts";
import type { Endpoint, EndpointPort, EndpointSlice } from "../../api/kinds/endpoint-slice.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import type { Service, ServicePort } from "../../api/kinds/service.ts";
import { isReady } from "../workloads/pod-readiness.ts";

/** Addresses in one slice at most (kube-controller-manager's default). */
export const MOST_ENDPOINTS = 100;

/** What a slice holds. */
export type Contents = Pick<EndpointSlice, "endpoints" | "ports">;

/** What has to be written so that slices say what there is. */
export interface SlicePlan {
  readonly create: readonly Contents[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly contents: Contents }[];
  readonly remove: readonly EndpointSlice[];
}

/** Puts pods into slices so that as few slices as possible change: who is in one stays there. */
export function planSlices(
  service: Service,
  pods: Iterable<Pod>,
  slices: readonly EndpointSlice[],
): SlicePlan {
  const left = new Map<string, Wanted>();
  for (const pod of pods) left.set(pod.metadata.uid, wantedOf(service, pod));
  const kept = slices.map((slice) => ({ slice, ports: slice.ports ?? [], endpoints: take(slice, left) }));
  for (const place of kept) fill(place, left);
  const create: Contents[] = [];
  for (;;) {
    const first = left.values().next().value;
    if (first === undefined) break;
    const place = { ports: first.ports, endpoints: [] };
    fill(place, left);
    create.push(place);
  }
  const used = kept.filter(({ endpoints }) => endpoints.length > 0);
  // A service without any address keeps one empty slice.
  const last = used.length === 0 && create.length === 0 ? kept[0] : undefined;
  if (kept.length === 0 && create.length === 0) create.push({ ports: [], endpoints: [] });
  return {
    create,
    update: [...used, ...(last === undefined ? [] : [last])]
      .filter(({ slice, endpoints }) => !deepEqual(slice.endpoints, endpoints))
      .map(({ slice, ports, endpoints }) => ({ slice, contents: { ports, endpoints } })),
    remove: kept.filter((place) => place.endpoints.length === 0 && place !== last).map(({ slice }) => slice),
  };
}

interface Wanted {
  readonly ports: readonly EndpointPort[];
  readonly endpoint: Endpoint;
}

interface Place {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Endpoint[];
}

/** The endpoints of a slice that are still wanted there, as they are now. */
function take(slice: EndpointSlice, left: Map<string, Wanted>): Endpoint[] {
  const stay: Endpoint[] = [];
  for (const { targetRef } of slice.endpoints) {
    const wanted = targetRef && left.get(targetRef.uid);
    if (wanted === undefined || !deepEqual(wanted.ports, slice.ports ?? [])) continue;
    left.delete(targetRef?.uid as string);
    stay.push(wanted.endpoint);
  }
  return stay;
}

function fill({ ports, endpoints }: Place, left: Map<string, Wanted>): void {
  if (endpoints.length >= MOST_ENDPOINTS) return;
  for (const [uid, wanted] of left) {
    if (!deepEqual(wanted.ports, ports)) continue;
    endpoints.push(wanted.endpoint);
    left.delete(uid);
    if (endpoints.length >= MOST_ENDPOINTS) return;
  }
}

function wantedOf(service: Service, pod: Pod): Wanted {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  const isServing = isReady(pod);
  const isTerminating = deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (isServing && !isTerminating);
  return {
    ports: (service.spec.ports ?? []).flatMap((port) => endpointPorts(port, pod)),
    endpoint: {
      addresses: [pod.status.podIP as string],
      conditions: { ready, serving: isServing, terminating: isTerminating },
      ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
      targetRef: { kind: "Pod", name, uid, ...(namespace !== undefined && { namespace }) },
    },
  };
}

/** A port of the service as this pod serves it; none when the pod does not have a port of that name. */
function endpointPorts(port: ServicePort, pod: Pod): readonly EndpointPort[] {
  const { name = "", protocol, targetPort, appProtocol } = port;
  const number = typeof targetPort === "number" ? targetPort : namedPort(pod, targetPort, protocol);
  return number === undefined ? [] : [{ name, protocol, port: number, ...(appProtocol && { appProtocol }) }];
}

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  for (const { ports = [] } of pod.spec.containers) {
    const found = ports.find((port) => port.name === name && (port.protocol ?? "TCP") === protocol);
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}
