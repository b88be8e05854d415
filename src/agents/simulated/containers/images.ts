import type { Container } from "../../../api/kinds/pod.ts";
import { goDuration } from "../../../lib/duration.ts";
import type { LifeContext } from "./container-life.ts";
import { startDelayMs } from "./timing.ts";

/** Events about the image and the making of a container: Pulling, Pulled and Created. */
const DETAILS = 3;

/**
 * Tells how the image of a container came onto its machine, and that the container was made: what a kubelet tells
 * before it tells of the start. In a storm of starts only these are told.
 */
export function recordCreation(context: LifeContext, container: Container, fieldPath: string): void {
  const { host, images, pod } = context;
  const { name, image } = container;
  const isThere = image === undefined || images.has(image);
  if (image !== undefined) images.add(image);
  if (!host.recorder.allows(DETAILS)) return;
  const record = (reason: string, text: string) => context.record("Normal", reason, text, fieldPath);
  if (image !== undefined) {
    if (isThere && pullPolicy(container, image) !== "Always") {
      record("Pulled", `Container image "${image}" already present on machine`);
    } else {
      const took = goDuration(isThere ? 0 : startDelayMs(pod));
      record("Pulling", `Pulling image "${image}"`);
      record("Pulled", `Successfully pulled image "${image}" in ${took} (${took} including waiting)`);
    }
  }
  record("Created", `Created container: ${name}`);
}

function pullPolicy({ imagePullPolicy }: Container, image: string): string {
  if (imagePullPolicy !== undefined) return imagePullPolicy;
  const name = image.slice(image.lastIndexOf("/") + 1);
  return !name.includes(":") || name.endsWith(":latest") ? "Always" : "IfNotPresent";
}

/** Where a container stands in its pod: `spec.containers{web}`. */
export function fieldPathOf(
  list: "containers" | "initContainers" | "ephemeralContainers",
  name: string,
): string {
  return `spec.${list}{${name}}`;
}
