import { parseDevices } from "../api/gpu.ts";
import { hostPortsOf } from "../api/host-ports.ts";
import {
  type NodeSelectorTerm,
  type Pod,
  type PodSpec,
  queuePlace,
  type Toleration,
} from "../api/kinds/pod.ts";
import { DisruptionReason, podCondition } from "../api/kinds/pod-condition.ts";
import { isFinished } from "../api/kinds/pod-phase.ts";
import { epochMs } from "../api/meta.ts";
import { controllerOf } from "../api/owner-references.ts";
import { claimsOf } from "../api/pod-claims.ts";
import { hasOwnVolumes } from "../api/token-volume.ts";
import { Annotation, SCHEDULER_NAME } from "../api/well-known.ts";
import { extend } from "../lib/extend.ts";
import type { Mutable } from "../lib/mutable.ts";
import {
  type ClaimUse,
  type Constraints,
  NO_CONSTRAINTS,
  type PodShape,
  podShape,
} from "./cache/pod-shape.ts";
import type { Tenant } from "./cache/tenant.ts";
import { namedNodes } from "./filters/node-selector.ts";
import { neighbourRulesOf } from "./neighbour-rules-of.ts";
import type { PlaceablePod } from "./placement/pod.ts";
import { podRequests } from "./pod-requests.ts";

/** A pod as the queue holds it. */
export interface PodInfo extends PlaceablePod {
  readonly uid: string;
  /** Place in the queue among pods of its priority; sorts as text. */
  readonly place: string;
  /** False when it must not push out others (preemptionPolicy Never). */
  readonly mayPreempt: boolean;
  readonly pod: Pod;
  /** Set when the pod is no longer tried together with others of its shape and priority, and with whom it is. */
  readonly apart?: string;
  /** The GPUs that it is to have a part of, once it has been placed. */
  readonly devices?: readonly number[];
}

/** Shapes are shared between pods; so many are kept for that. */
const SHAPES = 16_384;

/** Makes what the scheduler needs to know of pods. Pods of equal shape share it: 150,000 pods cost little. */
export class PodInfos {
  readonly #shapes = new Map<string, PodShape>();
  /** Shapes of pods that ask for nothing but resources and have the tolerations of everybody, by their texts. */
  readonly #plain = new Map<string, PodShape>();
  /** Shapes of the other pods by their containers, with the rest of what they were made of. */
  readonly #known = new WeakMap<
    PodSpec["containers"],
    { readonly spec: PodSpec; readonly shape: PodShape }
  >();

  /** Everything about a pod that waits. */
  infoOf(pod: Pod): PodInfo {
    const { metadata, spec } = pod;
    const shape = this.shapeOf(pod);
    const { nominatedNodeName } = pod.status;
    const owner = controllerOf(pod);
    const info: Mutable<PodInfo> = {
      namespace: metadata.namespace ?? "default",
      name: metadata.name,
      uid: metadata.uid,
      place: queuePlace(pod),
      labels: metadata.labels ?? {},
      priority: spec.priority ?? 0,
      mayPreempt: spec.preemptionPolicy !== "Never",
      requests: shape.requests,
      nonZeroRequests: shape.nonZeroRequests,
      spec,
      shape,
      pod,
    };
    if (owner !== undefined) info.owner = owner.uid;
    if (shape.gpu !== undefined) info.gpu = shape.gpu;
    if (shape.rules !== undefined) info.apart = identityOf(pod);
    return nominatedNodeName ? extend(info, nominated(metadata.uid, nominatedNodeName)) : info;
  }

  /** What is kept of a pod that takes room. */
  tenantOf(pod: Pod): Tenant {
    const { metadata, spec, status } = pod;
    const { namespace = "default", name, uid, labels = {} } = metadata;
    const ending = endingOf(pod);
    const shape = this.shapeOf(pod);
    const devices = shape.gpu && parseDevices(metadata.annotations?.[Annotation.gpuDevices]);
    const tenant: Mutable<Tenant> = { uid, namespace, name, labels, priority: spec.priority ?? 0, shape };
    if (devices !== undefined) tenant.devices = devices;
    if (status.startTime !== undefined) tenant.startedAtMs = epochMs(status.startTime);
    if (ending !== undefined) tenant.ending = ending;
    return tenant;
  }

  /** What filters look at, of any pod. A pod that is bound or reports its status keeps its demands, and its shape. */
  shapeOf(pod: Pod): PodShape {
    const demand = plainDemand(pod.spec);
    if (demand === undefined) return this.#shapeOfOwn(pod);
    let shape = this.#plain.get(demand);
    if (shape === undefined) {
      shape = this.#makeShape(pod);
      this.#plain.set(demand, shape);
    }
    return shape;
  }

  /** Of a pod that asks for more than resources. */
  #shapeOfOwn(pod: Pod): PodShape {
    const known = this.#known.get(pod.spec.containers);
    if (known !== undefined && asksTheSame(known.spec, pod.spec)) return known.shape;
    const shape = this.#makeShape(pod);
    // Rules are also about the pod's labels, and claims about its uid: those are looked at anew.
    if (shape.rules === undefined && shape.claims === undefined)
      this.#known.set(pod.spec.containers, { spec: pod.spec, shape });
    return shape;
  }

  #makeShape(pod: Pod): PodShape {
    const { requests, nonZeroRequests } = podRequests(pod.spec);
    const shape = podShape(requests, constraintsOf(pod.spec), nonZeroRequests, {
      hostPorts: hostPortsOf(pod.spec),
      rules: neighbourRulesOf(pod),
      claims: claimUsesOf(pod),
    });
    const known = this.#shapes.get(shape.signature);
    if (known !== undefined) return known;
    if (this.#shapes.size >= SHAPES) {
      this.#shapes.clear();
      this.#plain.clear();
    }
    this.#shapes.set(shape.signature, shape);
    return shape;
  }
}

/** What neighbours' rules look at in a pod: those that share it are in the same place by them. */
export function identityOf({ metadata }: Pod): string {
  return JSON.stringify([metadata.namespace, metadata.labels]);
}

/** What a pod is given when room is made for it on a node: it is tried by itself from then on. */
export function nominated(uid: string, nodeName: string): Pick<PodInfo, "nominatedNode" | "apart"> {
  return { nominatedNode: nodeName, apart: `nominated ${uid}` };
}

/** The pod without a nomination. */
export function notNominated({ nominatedNode: _node, apart: _apart, ...info }: PodInfo): PodInfo {
  return info.shape.rules === undefined ? info : extend(info, { apart: identityOf(info.pod) });
}

/** True when nothing has changed that `tenantOf` looks at, beside room. */
export function isSameTenant(before: Pod, after: Pod): boolean {
  return (
    before.metadata.labels === after.metadata.labels &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.status.startTime === after.status.startTime
  );
}

/** True for a pod that this scheduler has to place. */
export function isWaiting(pod: Pod): boolean {
  const { spec, metadata } = pod;
  if (spec.nodeName || metadata.deletionTimestamp !== undefined || isFinished(pod)) return false;
  return isOurs(pod) && !isGated(pod);
}

/** Held back on purpose until somebody empties its schedulingGates. */
export function isGated(pod: Pod): boolean {
  return (pod.spec.schedulingGates?.length ?? 0) > 0;
}

/** Pods can name another scheduler. */
export function isOurs(pod: Pod): boolean {
  return (pod.spec.schedulerName ?? SCHEDULER_NAME) === SCHEDULER_NAME;
}

function endingOf(pod: Pod): Tenant["ending"] {
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  const why = podCondition(pod, "DisruptionTarget");
  return why?.status === "True" && why.reason === DisruptionReason.preemption ? "preempted" : "deleted";
}

function claimUsesOf(pod: Pod): readonly ClaimUse[] | undefined {
  if (!hasOwnVolumes(pod.spec)) return undefined;
  const { namespace = "default", uid } = pod.metadata;
  const claims = claimsOf(pod).map(({ name, ephemeral }) => ({
    namespace,
    name,
    ...(ephemeral && { owner: uid }),
  }));
  return claims.length === 0 ? undefined : claims;
}

/** True when all is the very same that a shape is made of, beside the containers. */
function asksTheSame(a: PodSpec, b: PodSpec): boolean {
  return (
    a === b ||
    (a.initContainers === b.initContainers &&
      a.overhead === b.overhead &&
      a.nodeSelector === b.nodeSelector &&
      a.affinity === b.affinity &&
      a.tolerations === b.tolerations &&
      a.topologySpreadConstraints === b.topologySpreadConstraints &&
      a.hostNetwork === b.hostNetwork &&
      a.volumes === b.volumes)
  );
}

/** What a pod asks for, as written, when that is all that its shape depends on; undefined for other pods. */
function plainDemand(spec: PodSpec): string | undefined {
  const { containers, tolerations } = spec;
  const [only] = containers;
  const isPlain =
    only !== undefined &&
    containers.length === 1 &&
    only.ports === undefined &&
    spec.initContainers === undefined &&
    spec.overhead === undefined &&
    spec.nodeSelector === undefined &&
    spec.affinity === undefined &&
    spec.topologySpreadConstraints === undefined &&
    !hasOwnVolumes(spec);
  if (!isPlain) return undefined;
  let demand = tolerations === undefined ? "" : constraintsOf(spec).signature;
  const { requests } = only.resources ?? {};
  for (const name in requests) demand += `|${name}=${requests[name]}`;
  return demand;
}

/** Constraints of pods that have tolerations only, which most share: admission gives them the very same list. */
const tolerating = new WeakMap<readonly Toleration[], Constraints>();

function constraintsOf(spec: PodSpec): Constraints {
  const { nodeSelector, affinity, tolerations = [] } = spec;
  const nodeTerms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (nodeSelector !== undefined || nodeTerms !== undefined)
    return makeConstraints(nodeSelector, nodeTerms, tolerations);
  if (tolerations.length === 0) return NO_CONSTRAINTS;
  let constraints = tolerating.get(tolerations);
  if (constraints === undefined) {
    constraints = makeConstraints(nodeSelector, nodeTerms, tolerations);
    tolerating.set(tolerations, constraints);
  }
  return constraints;
}

function makeConstraints(
  nodeSelector: PodSpec["nodeSelector"],
  nodeTerms: readonly NodeSelectorTerm[] | undefined,
  tolerations: readonly Toleration[],
): Constraints {
  const tolerated = tolerations.map(({ key, operator, value, effect }) => [key, operator, value, effect]);
  const pinnedTo = nodeTerms && namedNodes(nodeTerms);
  return {
    signature: JSON.stringify([nodeSelector, nodeTerms, tolerated]),
    ...(nodeSelector && { nodeSelector }),
    ...(nodeTerms && { nodeTerms }),
    ...(pinnedTo && { pinnedTo }),
    tolerations,
  };
}
