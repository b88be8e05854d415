import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import { controllerOf } from "../../api/owner-references.ts";

/** A pod that is elsewhere afterwards; `as`: under another name, where its workload made a new one. */
export interface Move {
  readonly pod: string;
  readonly from: string;
  /** Absent: it waits. */
  readonly to?: string;
  readonly as?: string;
}

/** A pod without a node, and why. */
export interface Waiting {
  readonly pod: string;
  readonly why: string;
  /** It had a node before, or was not there. */
  readonly isNew: boolean;
}

/** What became of pods between two looks at a cluster. */
export interface Difference {
  readonly moves: readonly Move[];
  /** Pods that waited and have a node now. */
  readonly placed: readonly { readonly pod: string; readonly to: string }[];
  readonly waiting: readonly Waiting[];
  /** Pods that are gone, with nothing in their place. */
  readonly gone: readonly { readonly pod: string; readonly from: string }[];
  /** Pods that were not there, with the node they got. */
  readonly created: readonly { readonly pod: string; readonly to?: string }[];
}

/** pod-2 before pod-10. */
const collator = new Intl.Collator("en", { numeric: true });

/**
 * Compares; what is listed is in the order of the pods' names. A pod is followed by its name, and by its workload where
 * that gives its pods new names.
 */
export function difference(earlier: readonly Pod[], later: readonly Pod[]): Difference {
  const [before, after] = [inOrder(earlier), inOrder(later)];
  const now = new Map(after.filter(isThere).map((pod) => [nameOf(pod), pod]));
  const known = new Map(before.filter(isThere).map((pod) => [nameOf(pod), pod]));
  const newcomers = [...now.values()].filter((pod) => !known.has(nameOf(pod)));
  const successors = groupByOwner(newcomers);
  const moves: Move[] = [];
  const gone: { pod: string; from: string }[] = [];
  for (const [pod, { spec, metadata }] of known) {
    const from = spec.nodeName;
    if (from === undefined) continue;
    const same = now.get(pod);
    const next = same ?? successors.get(controllerOf({ metadata })?.uid ?? "")?.shift();
    if (next !== undefined) {
      const to = next.spec.nodeName;
      if (same !== undefined && to === from) continue;
      moves.push({
        pod,
        from,
        ...(to !== undefined && { to }),
        ...(same === undefined && { as: nameOf(next) }),
      });
    } else if (!after.some((candidate) => nameOf(candidate) === pod)) gone.push({ pod, from });
  }
  const taken = new Set(moves.map((move) => move.as));
  const created = newcomers.map((pod) => ({
    pod: nameOf(pod),
    ...(pod.spec.nodeName !== undefined && { to: pod.spec.nodeName }),
  }));
  const placed = [...known.values()].flatMap((pod) => {
    const to = now.get(nameOf(pod))?.spec.nodeName;
    return pod.spec.nodeName === undefined && to !== undefined ? [{ pod: nameOf(pod), to }] : [];
  });
  return {
    moves,
    placed,
    gone,
    created: created.filter(({ pod }) => !taken.has(pod)),
    waiting: [...now.values()]
      .filter((pod) => pod.spec.nodeName === undefined)
      .map((pod) => ({ pod: nameOf(pod), why: whyOf(pod), isNew: isNewlyWaiting(known.get(nameOf(pod))) })),
  };
}

function inOrder(pods: readonly Pod[]): readonly Pod[] {
  return [...pods].sort((one, other) => collator.compare(nameOf(one), nameOf(other)));
}

function isThere(pod: Pod): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

function isNewlyWaiting(before: Pod | undefined): boolean {
  return before === undefined || before.spec.nodeName !== undefined;
}

function whyOf({ status }: Pod): string {
  const condition = status.conditions?.find(({ type }) => type === "PodScheduled");
  return condition?.message ?? "it has not been tried yet";
}

function groupByOwner(pods: readonly Pod[]): Map<string, Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) continue;
    const group = groups.get(owner) ?? [];
    group.push(pod);
    groups.set(owner, group);
  }
  return groups;
}

function nameOf(pod: Pod): string {
  return keyText(keyOf(pod));
}
