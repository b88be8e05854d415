import type { Container, Pod } from "../../../api/kinds/pod.ts";

/**
 * `init`: runs to its end before the next container starts; `sidecar`: an init container that goes on and is restarted
 * whatever the pod's policy; `main`: what the pod is there for.
 */
export type Role = "init" | "sidecar" | "main";

/** The role of a container in the list of init containers. */
export function roleOfInit({ restartPolicy }: Container): Role {
  return restartPolicy === "Always" ? "sidecar" : "init";
}

/** The role of a container of that name; ephemeral ones have none. */
export function roleOf({ spec }: Pod, name: string): Role | undefined {
  const init = spec.initContainers?.find((container) => container.name === name);
  if (init !== undefined) return roleOfInit(init);
  return spec.containers.some((container) => container.name === name) ? "main" : undefined;
}
