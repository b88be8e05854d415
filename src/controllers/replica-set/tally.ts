import { deepEqual } from "../../api/deep-equal.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import type { ReplicaSet } from "../../api/kinds/replica-set.ts";
import { controllerOf } from "../../api/owner-references.ts";
import { isActive, isReady } from "../workloads/pod-readiness.ts";

/** Counts of a ReplicaSet's active pods. */
export interface Counts {
  active: number;
  ready: number;
  /** Those that have every label of the template. */
  labelled: number;
}

interface Entry extends Counts {
  labels: Labels;
}

type Labels = Readonly<Record<string, string>> | undefined;

/** Counts the pods of every owner as they change, so that nobody has to go through ten thousand pods for one. */
export class Tally {
  readonly #entries = new Map<string, Entry>();
  readonly #ownerKind: string;

  /** `ownerKind` is the kind of the owners whose pods are counted. */
  constructor(ownerKind: string) {
    this.#ownerKind = ownerKind;
  }

  changed(before: Pod | undefined, after: Pod | undefined): void {
    if (before !== undefined) this.#add(before, -1);
    if (after !== undefined) this.#add(after, 1);
  }

  /** The counts for an owner; `pods` are its pods, looked at only when the labels of its template have changed. */
  of({ metadata, spec }: ReplicaSet, pods: Iterable<Pod>): Readonly<Counts> {
    const labels = spec.template.metadata?.labels;
    const entry = this.#entry(metadata.uid);
    if (entry.labels !== labels) {
      if (!deepEqual(entry.labels, labels)) entry.labelled = countLabelled(pods, labels);
      entry.labels = labels;
    }
    return entry;
  }

  forget(uid: string): void {
    this.#entries.delete(uid);
  }

  #add(pod: Pod, sign: 1 | -1): void {
    const owner = controllerOf(pod);
    if (owner?.kind !== this.#ownerKind || !isActive(pod)) return;
    const entry = this.#entry(owner.uid);
    entry.active += sign;
    if (isReady(pod)) entry.ready += sign;
    if (hasLabels(pod, entry.labels)) entry.labelled += sign;
    if (entry.active === 0) this.#entries.delete(owner.uid);
  }

  #entry(uid: string): Entry {
    let entry = this.#entries.get(uid);
    if (entry === undefined) {
      entry = { active: 0, ready: 0, labelled: 0, labels: undefined };
      this.#entries.set(uid, entry);
    }
    return entry;
  }
}

function countLabelled(pods: Iterable<Pod>, labels: Labels): number {
  let count = 0;
  for (const pod of pods) if (isActive(pod) && hasLabels(pod, labels)) count++;
  return count;
}

function hasLabels({ metadata }: Pod, labels: Labels): boolean {
  for (const key in labels) if (metadata.labels?.[key] !== labels[key]) return false;
  return true;
}
