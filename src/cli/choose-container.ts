import type { Pod } from "../api/kinds/pod.ts";
import { didYouMean } from "../lib/did-you-mean.ts";
import { CommandError } from "./errors.ts";

/** On a Pod: the container that clients mean when nobody says which. */
const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** Names of all containers of a pod, in the order in which they start. */
export function containersOf({ spec }: Pod): readonly string[] {
  const lists = [spec.initContainers ?? [], spec.containers, spec.ephemeralContainers ?? []];
  return lists.flat().map(({ name }) => name);
}

/** The container that is asked for, or the one that is meant when none is. Fails when the pod has none of that name. */
export function chooseContainer(pod: Pod, asked: string | undefined, note: (line: string) => void): string {
  const names = containersOf(pod);
  if (asked !== undefined) {
    if (names.includes(asked)) return asked;
    const close = didYouMean(asked, names);
    throw new CommandError(`Pod "${pod.metadata.name}" has no container "${asked}"`, {
      hint: close === undefined ? `It has: ${names.join(", ")}` : `Did you mean "${close}"?`,
      reason: "NotFound",
    });
  }
  const annotated = pod.metadata.annotations?.[DEFAULT_CONTAINER];
  if (annotated !== undefined && names.includes(annotated)) return annotated;
  const first = pod.spec.containers[0]?.name ?? "";
  if (names.length > 1) note(`Took container "${first}" of: ${names.join(", ")} (choose with -c)`);
  return first;
}
