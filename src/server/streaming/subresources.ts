import type { Kind } from "../../api/kind.ts";

/** A subresource that the API server passes on to a kubelet or a pod. */
export interface PassedOn {
  readonly name: string;
  /** The kind that discovery names: the options that a client gives. */
  readonly kind: string;
  readonly verbs: readonly string[];
}

const PROXY_VERBS = ["create", "delete", "get", "patch", "update"];

/** What is passed on, by the plural of the core group's resources. */
const PASSED_ON: Readonly<Record<string, readonly PassedOn[]>> = {
  pods: [
    { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
    { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
    { name: "log", kind: "Pod", verbs: ["get"] },
    { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
    { name: "proxy", kind: "PodProxyOptions", verbs: PROXY_VERBS },
  ],
  services: [{ name: "proxy", kind: "ServiceProxyOptions", verbs: PROXY_VERBS }],
  nodes: [{ name: "proxy", kind: "NodeProxyOptions", verbs: PROXY_VERBS }],
};

/** What of a kind is passed on, in the order that discovery lists it. */
export function allPassedOn(kind: Kind): readonly PassedOn[] {
  return kind.group === "" ? (PASSED_ON[kind.plural] ?? []) : [];
}

/** The subresource of that name, if it is passed on. */
export function passedOn(kind: Kind, subresource: string): PassedOn | undefined {
  return allPassedOn(kind).find(({ name }) => name === subresource);
}
