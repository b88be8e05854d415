import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";

/** Something that is wrong with a node. Creating it hurts the node, deleting it heals: the node's agent obeys. */
export interface NodeFault extends KubeObject {
  readonly spec: {
    readonly nodeName: string;
    /** Name of a fault in the registry (chaos/faults/), e.g. `node-crash`. */
    readonly fault: string;
    /** Who did it: a chaos run's id, or `user`. */
    readonly origin?: string;
  };
  readonly status: {
    /** When the agent obeyed (RFC 3339 with microseconds). */
    readonly injectedAt?: string;
  };
}

export const nodeFaults: Kind<NodeFault> = {
  group: "kubesim.dev",
  version: "v1alpha1",
  kind: "NodeFault",
  plural: "nodefaults",
  singular: "nodefault",
  shortNames: ["nf"],
  categories: ["kubesim"],
  namespaced: false,
  schema: "dev.kubesim.v1alpha1.NodeFault",
  statusSubresource: true,
  columns: [],
  selectableFields: {
    "spec.nodeName": (fault) => fault.spec.nodeName,
    "spec.fault": (fault) => fault.spec.fault,
  },
};
