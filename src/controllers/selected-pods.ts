import type { Pod } from "../api/kinds/pod.ts";
import { type LabelSelector, selects } from "../api/label-selector.ts";
import { type KubeObject, keyText } from "../api/meta.ts";

/** What is to be known of those who select pods, and of the pods. */
export interface SelectedPodsOptions<T extends KubeObject> {
  readonly allPods: () => Iterable<Pod>;
  /** Undefined for one that selects nothing. */
  readonly selectorOf: (owner: T) => LabelSelector | undefined;
  /** Whether a pod counts at all. */
  readonly counts: (pod: Pod) => boolean;
  /** Whether two states of a pod that counts make no difference; labels and deletion are looked at anyway. */
  readonly looksSame: (before: Pod, after: Pod) => boolean;
}

interface Members<T> {
  readonly owner: T;
  readonly pods: Map<string, Pod>;
}

/**
 * Which pods meet the selectors of which objects (services, disruption budgets), kept as both change. A pod costs as
 * much as its namespace has such objects; only a new object or selector goes through all pods.
 */
export class SelectedPods<T extends KubeObject> {
  readonly #options: SelectedPodsOptions<T>;
  readonly #byNamespace = new Map<string, Map<string, Members<T>>>();

  constructor(options: SelectedPodsOptions<T>) {
    this.#options = options;
  }

  /** The pods of an object by its key, in order of appearance; undefined when it selects nothing. */
  of(key: string): { readonly owner: T; readonly pods: Iterable<Pod> } | undefined {
    const members = this.#byNamespace.get(key.slice(0, key.indexOf("/")))?.get(key);
    return members && { owner: members.owner, pods: members.pods.values() };
  }

  ownerChanged(before: T | undefined, after: T | undefined): void {
    const { metadata } = (after ?? before) as T;
    const namespace = metadata.namespace as string;
    const key = keyText(metadata);
    const known = this.#byNamespace.get(namespace);
    const selector = after && this.#options.selectorOf(after);
    if (after === undefined || selector === undefined) {
      known?.delete(key);
      if (known?.size === 0) this.#byNamespace.delete(namespace);
      return;
    }
    const members = known?.get(key);
    const entry = { owner: after, pods: members?.pods ?? new Map<string, Pod>() };
    if (before === undefined || members === undefined || !this.#selectsSame(before, after)) {
      entry.pods = this.#select(namespace, selector);
    }
    if (known === undefined) this.#byNamespace.set(namespace, new Map([[key, entry]]));
    else known.set(key, entry);
  }

  /** @returns keys of the objects for which the change means something. */
  podChanged(before: Pod | undefined, after: Pod | undefined): readonly string[] {
    const { namespace = "", uid } = ((after ?? before) as Pod).metadata;
    const owners = this.#byNamespace.get(namespace);
    if (owners === undefined) return [];
    const isSame = before !== undefined && after !== undefined && this.#looksSame(before, after);
    const touched: string[] = [];
    for (const [key, { owner, pods }] of owners) {
      const selector = this.#options.selectorOf(owner);
      const belongs = after !== undefined && selector !== undefined && this.#isMember(selector, after);
      const isNew = belongs && !pods.has(uid);
      if (belongs) pods.set(uid, after);
      const left = !belongs && pods.delete(uid);
      if (left || isNew || (belongs && !isSame)) touched.push(key);
    }
    return touched;
  }

  #select(namespace: string, selector: LabelSelector): Map<string, Pod> {
    const selected = new Map<string, Pod>();
    for (const pod of this.#options.allPods()) {
      if (pod.metadata.namespace !== namespace || !this.#isMember(selector, pod)) continue;
      selected.set(pod.metadata.uid, pod);
    }
    return selected;
  }

  #selectsSame(before: T, after: T): boolean {
    const [was, is] = [this.#options.selectorOf(before), this.#options.selectorOf(after)];
    return was === is || JSON.stringify(was) === JSON.stringify(is);
  }

  #isMember(selector: LabelSelector, pod: Pod): boolean {
    return this.#options.counts(pod) && selects(selector, pod.metadata.labels);
  }

  #looksSame(before: Pod, after: Pod): boolean {
    return (
      before.metadata.labels === after.metadata.labels &&
      before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
      this.#options.looksSame(before, after)
    );
  }
}
