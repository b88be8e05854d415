import type { Pod } from "../../../api/kinds/pod.ts";
import { parseDuration } from "../../../lib/duration.ts";

/**
 * What an annotation says of a container: `NAME.kubesim.dev/duration` of the container of that name, and
 * `kubesim.dev/duration` of all of them but init containers and sidecars.
 */
export function annotationOf(pod: Pod, container: string, name: string): string | undefined {
  const { annotations } = pod.metadata;
  if (annotations === undefined) return undefined;
  return (
    ofContainer(annotations, container, name) ?? (isInit(pod, container) ? undefined : annotations[name])
  );
}

/** What `CONTAINER.NAME` says. Keys are looked through: to put one together for every question costs more. */
function ofContainer(
  annotations: Readonly<Record<string, string>>,
  container: string,
  name: string,
): string | undefined {
  const length = container.length + 1 + name.length;
  for (const key in annotations) {
    if (key.length !== length || !key.endsWith(name) || !key.startsWith(container)) continue;
    if (key[container.length] === ".") return annotations[key];
  }
  return undefined;
}

/** The same as a duration in ms; a text that is none counts as absent. */
export function annotatedMs(pod: Pod, container: string, name: string): number | undefined {
  const text = annotationOf(pod, container, name);
  return text === undefined ? undefined : parseDuration(text);
}

/** The same as an exit code; a text that is none counts as absent. */
export function annotatedCode(pod: Pod, container: string, name: string): number | undefined {
  const text = annotationOf(pod, container, name);
  const code = text === undefined ? Number.NaN : Number(text);
  return Number.isInteger(code) && code >= 0 && code <= 255 ? code : undefined;
}

/** Whether the annotations of two states of a pod say the same under these names, of all containers. */
export function saysTheSame(left: Pod, right: Pod, names: readonly string[]): boolean {
  const before = left.metadata.annotations;
  const after = right.metadata.annotations;
  if (before === after) return true;
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  for (const key of keys) {
    if (before?.[key] === after?.[key]) continue;
    if (names.some((name) => key === name || key.endsWith(`.${name}`))) return false;
  }
  return true;
}

function isInit({ spec }: Pod, container: string): boolean {
  return spec.initContainers?.some(({ name }) => name === container) === true;
}
