import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import type { Service } from "../../api/kinds/service.ts";
import { selects } from "../../api/label-selector.ts";
import { keyText } from "../../api/meta.ts";
import { isReady } from "../workloads/pod-readiness.ts";

interface Members {
  readonly service: Service;
  readonly pods: Map<string, Pod>;
}

const NOTHING: ReadonlyMap<string, Members> = new Map<string, Members>();

/**
 * Which pods stand behind which services, kept as both change. A pod costs as much as its namespace has services with
 * a selector; only a new service or selector goes through all pods.
 */
export class ServicePods {
  readonly #byNamespace = new Map<string, Map<string, Members>>();
  readonly #allPods: () => Iterable<Pod>;

  constructor(allPods: () => Iterable<Pod>) {
    this.#allPods = allPods;
  }

  /** The pods of a service (by its key), in order of appearance; undefined when it has no selector. */
  of(key: string): { readonly service: Service; readonly pods: Iterable<Pod> } | undefined {
    const members = this.#byNamespace.get(key.slice(0, key.indexOf("/")))?.get(key);
    return members && { service: members.service, pods: members.pods.values() };
  }

  serviceChanged(before: Service | undefined, after: Service | undefined): void {
    const { metadata } = (after ?? before) as Service;
    const namespace = metadata.namespace as string;
    const key = keyText(metadata);
    const known = this.#byNamespace.get(namespace);
    if (after === undefined || !hasSelector(after)) {
      known?.delete(key);
      if (known?.size === 0) this.#byNamespace.delete(namespace);
      return;
    }
    const members = known?.get(key);
    const isSame = members !== undefined && members.service.spec.selector === after.spec.selector;
    const entry = { service: after, pods: isSame ? members.pods : this.#select(after) };
    if (known === undefined) this.#byNamespace.set(namespace, new Map([[key, entry]]));
    else known.set(key, entry);
  }

  /** @returns keys of the services for which the change means something. */
  podChanged(before: Pod | undefined, after: Pod | undefined): readonly string[] {
    const { namespace = "", uid } = ((after ?? before) as Pod).metadata;
    const services = this.#byNamespace.get(namespace) ?? NOTHING;
    if (services.size === 0) return [];
    const isSame = before !== undefined && after !== undefined && looksSame(before, after);
    const touched: string[] = [];
    for (const [key, { service, pods }] of services) {
      const belongs = after !== undefined && isMember(service, after);
      if (belongs) pods.set(uid, after);
      const left = !belongs && pods.delete(uid);
      if (left || (belongs && !isSame)) touched.push(key);
    }
    return touched;
  }

  #select(service: Service): Map<string, Pod> {
    const selected = new Map<string, Pod>();
    for (const pod of this.#allPods()) {
      if (pod.metadata.namespace === service.metadata.namespace && isMember(service, pod)) {
        selected.set(pod.metadata.uid, pod);
      }
    }
    return selected;
  }
}

function hasSelector({ spec }: Service): boolean {
  return spec.type !== "ExternalName" && Object.keys(spec.selector ?? {}).length > 0;
}

function isMember(service: Service, pod: Pod): boolean {
  if (pod.status.podIP === undefined || isFinished(pod)) return false;
  return selects({ matchLabels: service.spec.selector ?? {} }, pod.metadata.labels);
}

function looksSame(before: Pod, after: Pod): boolean {
  return (
    before.metadata.labels === after.metadata.labels &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.status.podIP === after.status.podIP &&
    before.status.phase === after.status.phase &&
    isReady(before) === isReady(after)
  );
}
