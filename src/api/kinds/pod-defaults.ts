import { SCHEDULER_NAME } from "../well-known.ts";
import { claimSpecDefaults } from "./persistent-volume-claim.ts";
import type { Container, ContainerPort, Pod, PodSpec, PodStatus, Probe, Volume } from "./pod.ts";
import { qosClassOf } from "./pod-qos.ts";

/** What is made of a pod without a spec; validation says what is missing. */
const NO_SPEC: PodSpec = Object.freeze({ containers: [] });
const SECURITY_CONTEXT = Object.freeze({});
const NO_RESOURCES = Object.freeze({});
/** Mode 0644 of files that a volume makes. */
const FILE_MODE = 0o644;

/** Fills in what is left out, as pkg/apis/core/v1/defaults.go does; gives the same object back when nothing is. */
export function setPodDefaults(pod: Pod): Pod {
  const spec = setPodSpecDefaults(pod.spec ?? NO_SPEC);
  if (spec === pod.spec && pod.status !== undefined) return pod;
  return withParts(pod, spec, pod.status ?? { phase: "Pending" });
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
  const probes = withProbeDefaults(container);
  const imagePullPolicy = container.imagePullPolicy ?? pullPolicyOf(container.image);
  if (
    container.terminationMessagePath !== undefined &&
    container.terminationMessagePolicy !== undefined &&
    imagePullPolicy === container.imagePullPolicy &&
    resources === container.resources &&
    ports === container.ports &&
    probes === undefined
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
  if (ports === container.ports && probes === undefined) return complete;
  return { ...complete, ...(ports && { ports }), ...probes };
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

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const PROBE_DEFAULTS = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

function withProbeDefaults(container: Container): Partial<Container> | undefined {
  let changed: Record<string, Probe> | undefined;
  for (const name of PROBES) {
    const probe = container[name];
    if (probe === undefined) continue;
    const completed = completeProbe(probe);
    if (completed === probe) continue;
    changed ??= {};
    changed[name] = completed;
  }
  return changed;
}

function completeProbe(probe: Probe): Probe {
  const { httpGet } = probe;
  const isHttpComplete =
    httpGet === undefined || (httpGet.path !== undefined && httpGet.scheme !== undefined);
  const isProbeComplete = Object.keys(PROBE_DEFAULTS).every((field) => Object.hasOwn(probe, field));
  if (isHttpComplete && isProbeComplete) return probe;
  return {
    ...PROBE_DEFAULTS,
    ...probe,
    ...(httpGet && { httpGet: { path: "/", scheme: "HTTP", ...httpGet } }),
  };
}

const FILE_VOLUMES = ["secret", "configMap", "downwardAPI", "projected"] as const;

function withVolumeDefaults(volume: Volume): Volume {
  if (Object.keys(volume).every((field) => field === "name")) return { emptyDir: {}, ...volume };
  let complete = volume;
  for (const source of FILE_VOLUMES) {
    const files = volume[source];
    if (files === undefined || files.defaultMode !== undefined) continue;
    complete = { ...complete, [source]: { defaultMode: FILE_MODE, ...files } };
  }
  return volume.ephemeral === undefined ? complete : withClaimDefaults(complete);
}

function withClaimDefaults(volume: Volume): Volume {
  const template = volume.ephemeral?.volumeClaimTemplate;
  const spec = claimSpecDefaults(template?.spec);
  if (template === undefined || spec === template.spec) return volume;
  return { ...volume, ephemeral: { ...volume.ephemeral, volumeClaimTemplate: { ...template, spec } } };
}

/** Maps a list; when no item changes, the list itself. */
function mapShared<T, L extends readonly T[] | undefined>(list: L, map: (item: T) => T): L {
  if (list === undefined) return list;
  let mapped: T[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const before = list[index] as T;
    const after = map(before);
    if (mapped === undefined && after !== before) mapped = list.slice(0, index);
    mapped?.push(after);
  }
  return (mapped ?? list) as L;
}
