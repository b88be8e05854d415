import type { Container } from "../../../api/kinds/pod.ts";

/**
 * `init`: runs to its end before the next container starts; `sidecar`: an init container that goes on and is restarted
 * whatever the pod's policy; `main`: what the pod is there for.
 */
export type Role = "init" | "sidecar" | "main";

/** The role of a container in the list of init containers. */
export function roleOfInit({ restartPolicy }: Container): Role {
  return restartPolicy === "Always" ? "sidecar" : "init";
}
