import { mapShared } from "../map-shared.ts";
import { SCHEDULER_NAME } from "../well-known.ts";
import { handlerDefaults } from "./handler-defaults.ts";
import type { Container, ContainerPort, Pod, PodSpec, PodStatus } from "./pod.ts";
import { qosClassOf } from "./pod-qos.ts";
import { withReferenceDefaults, withVolumeDefaults } from "./volume-defaults.ts";

/** What is made of a pod without a spec; validation says what is missing. */
const NO_SPEC: PodSpec = Object.freeze({ containers: [] });
const SECURITY_CONTEXT = Object.freeze({});
const NO_RESOURCES = Object.freeze({});

/** Fills in what is left out, as pkg/apis/core/v1/defaults.go does; gives the same object back when nothing is. */
export function setPodDefaults(pod: Pod): Pod {
  const spec = withHostPorts(setPodSpecDefaults(pod.spec ?? NO_SPEC));
  if (spec === pod.spec && pod.status !== undefined) return pod;
  return withParts(pod, spec, pod.status ?? { phase: "Pending" });
}

/** In the network of its node a pod's ports are the node's; templates leave that to their pods. */
function withHostPorts(spec: PodSpec): PodSpec {
  if (spec.hostNetwork !== true) return spec;
  const inHost = (port: ContainerPort): ContainerPort =>
    port.hostPort || !port.containerPort ? port : { ...port, hostPort: port.containerPort };
  const withPorts = (container: Container): Container => {
    if (container.ports === undefined) return container;
    const ports = mapShared(container.ports, inHost);
    return ports === container.ports ? container : { ...container, ports };
  };
  const containers = mapShared(spec.containers, withPorts);
  const initContainers = mapShared(spec.initContainers, withPorts);
  if (containers === spec.containers && initContainers === spec.initContainers) return spec;
  return { ...spec, containers, ...(initContainers && { initContainers }) };
}

/** A new pod is Pending, whatever status it was sent with. One without a spec fails validation, nothing else. */
export function preparePod(pod: Pod): Pod {
  const spec = pod.spec?.containers === undefined ? { ...NO_SPEC, ...pod.spec } : pod.spec;
  return withParts(pod, spec, { phase: "Pending", qosClass: qosClassOf(spec) });
}

/** A pod has these five parts and no others. Naming them gives all pods one shape, which keeps them small and fast. */
function withParts({ apiVersion, kind, metadata }: Pod, spec: PodSpec, status: PodStatus): Pod {
  return { apiVersion, kind, metadata, spec, status };
}

/** Fills in what a pod's spec leaves out, also where it is part of a template; the same spec when nothing is. */
export function setPodSpecDefaults(spec: PodSpec): PodSpec {
  const containers = mapShared(spec.containers, withContainerDefaults);
  const initContainers = mapShared(spec.initContainers, withContainerDefaults);
  const volumes = mapShared(spec.volumes, withVolumeDefaults);
  if (
    isComplete(spec) &&
    containers === spec.containers &&
    initContainers === spec.initContainers &&
    volumes === spec.volumes
  ) {
    return spec;
  }
  // A literal before a spread: by far the fastest way to make such an object.
  const complete = {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    schedulerName: SCHEDULER_NAME,
    enableServiceLinks: true,
    securityContext: SECURITY_CONTEXT,
    ...spec,
    containers,
  } as const;
  if (initContainers === spec.initContainers && volumes === spec.volumes) return complete;
  return { ...complete, ...(initContainers && { initContainers }), ...(volumes && { volumes }) };
}

function isComplete(spec: PodSpec): boolean {
  return (
    spec.restartPolicy !== undefined &&
    spec.terminationGracePeriodSeconds !== undefined &&
    spec.dnsPolicy !== undefined &&
    spec.schedulerName !== undefined &&
    spec.enableServiceLinks !== undefined &&
    spec.securityContext !== undefined
  );
}

/** Fills in what one container leaves out; the same container when nothing is. */
export function withContainerDefaults(container: Container): Container {
  const resources = withRequests(container.resources);
  const ports = mapShared(container.ports, withPortDefaults);
  const env = mapShared(container.env, withReferenceDefaults);
  const handlers = handlerDefaults(container);
  const imagePullPolicy = container.imagePullPolicy ?? pullPolicyOf(container.image);
  if (
    container.terminationMessagePath !== undefined &&
    container.terminationMessagePolicy !== undefined &&
    imagePullPolicy === container.imagePullPolicy &&
    resources === container.resources &&
    ports === container.ports &&
    env === container.env &&
    handlers === undefined
  ) {
    return container;
  }
  const complete = {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy,
    ...container,
    resources,
  };
  if (ports === container.ports && env === container.env && handlers === undefined) return complete;
  return { ...complete, ...(ports && { ports }), ...(env && { env }), ...handlers };
}

/** Limits stand for requests that are not given. */
function withRequests(resources: Container["resources"]): NonNullable<Container["resources"]> {
  if (resources?.limits === undefined) return resources ?? NO_RESOURCES;
  const { limits, requests } = resources;
  if (requests === undefined) return { ...resources, requests: limits };
  for (const name in limits) {
    if (!Object.hasOwn(requests, name)) return { ...resources, requests: { ...limits, ...requests } };
  }
  return resources;
}

/** Images that can change under their name are pulled every time; so would be one without a name. */
function pullPolicyOf(image: string | undefined): string {
  if (image === undefined || image === "") return "Always";
  if (image.includes("@")) return "IfNotPresent";
  const colon = image.indexOf(":", image.lastIndexOf("/") + 1);
  return colon < 0 || image.slice(colon + 1) === "latest" ? "Always" : "IfNotPresent";
}

function withPortDefaults(port: ContainerPort): ContainerPort {
  return port.protocol === undefined ? { protocol: "TCP", ...port } : port;
}
