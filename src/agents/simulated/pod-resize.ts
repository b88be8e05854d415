import { deepEqual } from "../../api/deep-equal.ts";
import {
  type Container,
  type ContainerStatus,
  isFinished,
  type Pod,
  type PodSpec,
} from "../../api/kinds/pod.ts";
import type { Condition } from "../../api/meta.ts";
import type { PodPlace } from "./pod-place.ts";

type Resources = Container["resources"];

/** Why a machine has not done yet what a pod was resized to. */
export interface ResizePending {
  /** `Deferred`: there is no room now; `Infeasible`: there never will be on this machine. */
  readonly reason: "Deferred" | "Infeasible";
  readonly message: string;
}

const PENDING = "PodResizePending";

/** What the containers of a resized pod have, which is what they ask for unless that waits. */
export class PodResize {
  readonly #allocated = new Map<string, Resources>();
  #pending: ResizePending | undefined;

  /** @param before the pod as it was let in, or as its status says what it has */
  constructor(before: Pod) {
    const statuses = [
      ...(before.status.initContainerStatuses ?? []),
      ...(before.status.containerStatuses ?? []),
    ];
    const known = new Map(statuses.map((status) => [status.name, status.resources]));
    for (const { name, resources } of containersOf(before.spec)) {
      this.#allocated.set(name, known.get(name) ?? resources);
    }
  }

  /** The pod as far as it has been resized: what it takes room for. */
  allocatedOf(pod: Pod): Pod {
    const of = (container: Container) => withResources(container, this.#allocated.get(container.name));
    const { containers, initContainers } = pod.spec;
    const spec = {
      ...pod.spec,
      containers: containers.map(of),
      ...(initContainers && { initContainers: initContainers.map(of) }),
    };
    return { ...pod, spec };
  }

  /** Asks the machine for what the pod is to have. @returns false while nobody can answer */
  ask(pod: Pod, machine: Pick<PodPlace, "isActive" | "resize">): boolean {
    if (!machine.isActive || isFinished(pod)) return false;
    this.#pending = machine.resize(pod);
    if (this.#pending === undefined) {
      for (const { name, resources } of containersOf(pod.spec)) this.#allocated.set(name, resources);
    }
    return true;
  }

  /** What the status of a container says of it. */
  statusOf(name: string): Pick<ContainerStatus, "allocatedResources" | "resources"> {
    const resources = this.#allocated.get(name);
    if (resources === undefined) return {};
    const { requests } = resources;
    return { ...(requests && { allocatedResources: requests }), resources };
  }

  /** The conditions with what is pending. */
  conditions(before: readonly Condition[], others: readonly Condition[], time: string): readonly Condition[] {
    const kept = others.filter(({ type }) => type !== PENDING);
    const pending = this.#pending;
    if (pending === undefined) return kept;
    const known = before.find(({ type, reason }) => type === PENDING && reason === pending.reason);
    const lastTransitionTime = known?.lastTransitionTime ?? time;
    return [...kept, { type: PENDING, status: "True", lastProbeTime: null, lastTransitionTime, ...pending }];
  }
}

/** True for a pod of which the status says what its containers have: it has been resized before. */
export function wasResized({ status }: Pod): boolean {
  return status.containerStatuses?.[0]?.resources !== undefined;
}

/** The pod with what its containers have. */
export function asAllocated(pod: Pod): Pod {
  return wasResized(pod) ? new PodResize(pod).allocatedOf(pod) : pod;
}

/** True when the containers of both ask for the same. */
export function asksForTheSame(one: PodSpec, other: PodSpec): boolean {
  if (one.containers === other.containers && one.initContainers === other.initContainers) return true;
  const resources = (spec: PodSpec) => containersOf(spec).map((container) => container.resources);
  return deepEqual(resources(one), resources(other));
}

function containersOf({ containers, initContainers = [] }: PodSpec): readonly Container[] {
  return [...containers, ...initContainers];
}

function withResources({ resources: _other, ...container }: Container, resources: Resources): Container {
  return { ...container, ...(resources && { resources }) };
}
