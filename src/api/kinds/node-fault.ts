import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsLabelFault, dnsSubdomainFault } from "../names.ts";
import { KUBESIM_GROUP } from "../well-known.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";

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
  group: KUBESIM_GROUP,
  version: "v1alpha1",
  kind: "NodeFault",
  plural: "nodefaults",
  singular: "nodefault",
  shortNames: ["nf"],
  categories: ["kubesim"],
  namespaced: false,
  schema: "dev.kubesim.v1alpha1.NodeFault",
  statusSubresource: true,
  columns: [
    NAME,
    textColumn("Node", "The node that is hurt.", (fault: NodeFault) => fault.spec.nodeName),
    textColumn("Fault", "What is wrong with it.", (fault: NodeFault) => fault.spec.fault),
    textColumn("Origin", "Who did it.", (fault: NodeFault) => fault.spec.origin ?? NONE),
    textColumn("Injected", "Whether the agent obeyed.", (fault: NodeFault) =>
      fault.status.injectedAt === undefined ? "False" : "True",
    ),
    AGE,
  ],
  selectableFields: {
    "spec.nodeName": (fault) => fault.spec.nodeName,
    "spec.fault": (fault) => fault.spec.fault,
  },
  setDefaults: (fault) => (fault.status === undefined ? { ...fault, status: {} } : fault),
  prepareForCreate: (fault) => ({ ...fault, status: {} }),
  validate: validateNodeFault,
};

function validateNodeFault(fault: NodeFault, old: NodeFault | undefined): readonly FieldError[] {
  const errors = validateMetadata(fault.metadata, old?.metadata);
  const { spec } = fault;
  if (spec === undefined) return [...errors, requiredValue("spec")];
  checkName("spec.nodeName", spec.nodeName, dnsSubdomainFault, errors);
  checkName("spec.fault", spec.fault, dnsLabelFault, errors);
  if (old !== undefined && !deepEqual(spec, old.spec)) errors.push(invalidValue("spec", spec, IMMUTABLE));
  return errors;
}

function checkName(
  field: string,
  name: string | undefined,
  faultOf: (name: string) => string | undefined,
  errors: FieldError[],
): void {
  if (!name) {
    errors.push(requiredValue(field));
    return;
  }
  const fault = faultOf(name);
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}
