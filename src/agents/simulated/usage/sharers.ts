import type { Pod } from "../../../api/kinds/pod.ts";
import { podCondition } from "../../../api/kinds/pod-condition.ts";
import { controllerOf } from "../../../api/owner-references.ts";

interface Sharers {
  readonly ready: Set<string>;
  readonly all: Set<string>;
  /** When the first pod of those that are here was created, in ms since the epoch. */
  readonly since: number;
}

/** Which pods share the load of one controller: kept as pods change, so that asking costs nothing. */
export class LoadSharers {
  readonly #byController = new Map<string, Sharers>();

  changed(before: Pod | undefined, after: Pod | undefined): void {
    const { uid, creationTimestamp } = ((after ?? before) as Pod).metadata;
    const was = before && controllerOf(before)?.uid;
    const is = after && controllerOf(after)?.uid;
    if (was !== undefined && was !== is) this.#leave(was, uid);
    if (is === undefined) return;
    let sharers = this.#byController.get(is);
    if (sharers === undefined) {
      sharers = { ready: new Set(), all: new Set(), since: Date.parse(creationTimestamp) };
      this.#byController.set(is, sharers);
    }
    sharers.all.add(uid);
    if (takesLoad(after as Pod)) sharers.ready.add(uid);
    else sharers.ready.delete(uid);
  }

  /** How many share the load with this pod, itself included (0: it takes none), and since when. */
  of(pod: Pod): { readonly count: number; readonly since: number } {
    const sharers = this.#byController.get(controllerOf(pod)?.uid ?? "");
    if (sharers === undefined) return { count: 1, since: Date.parse(pod.metadata.creationTimestamp) };
    const isSharing = sharers.ready.has(pod.metadata.uid);
    return { count: isSharing ? sharers.ready.size : 0, since: sharers.since };
  }

  #leave(controller: string, uid: string): void {
    const sharers = this.#byController.get(controller);
    sharers?.ready.delete(uid);
    sharers?.all.delete(uid);
    if (sharers?.all.size === 0) this.#byController.delete(controller);
  }
}

function takesLoad(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && podCondition(pod, "Ready")?.status === "True";
}
