import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import { checkLabelSelector, type LabelSelector, selectorText } from "../label-selector.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import { checkRules, type NetworkPolicyRule } from "./network-policy-validation.ts";

/** networking.k8s.io/v1 NetworkPolicy: checked and stored; there is no network whose traffic it could limit. */
export interface NetworkPolicy extends KubeObject {
  readonly spec: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly NetworkPolicyRule[];
    readonly egress?: readonly NetworkPolicyRule[];
  };
}

const POLICY_TYPES = ["Egress", "Ingress"];

export const networkPolicies: Kind<NetworkPolicy> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  singular: "networkpolicy",
  shortNames: ["netpol"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.networking.v1.NetworkPolicy",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn(
      "Pod-Selector",
      "Labels of the pods that it is about.",
      ({ spec }: NetworkPolicy) => selectorText(spec.podSelector) || NONE,
    ),
    AGE,
  ],
  selectableFields: {},
  setDefaults: setNetworkPolicyDefaults,
  validate: validateNetworkPolicy,
};

/** A policy is about what comes in, and about what goes out if it has rules for that. */
function setNetworkPolicyDefaults(policy: NetworkPolicy): NetworkPolicy {
  const { spec } = policy;
  if (spec?.podSelector !== undefined && spec.policyTypes !== undefined) return policy;
  const policyTypes = spec?.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"];
  return { ...policy, spec: { podSelector: {}, policyTypes, ...spec } };
}

function validateNetworkPolicy(policy: NetworkPolicy, old: NetworkPolicy | undefined): readonly FieldError[] {
  const errors = validateMetadata(policy.metadata, old?.metadata);
  const { podSelector = {}, policyTypes = [], ingress = [], egress = [] } = policy.spec;
  checkLabelSelector("spec.podSelector", podSelector, errors);
  checkRules("spec.ingress", ingress, "from", errors);
  checkRules("spec.egress", egress, "to", errors);
  if (policyTypes.length > POLICY_TYPES.length) {
    errors.push(invalidValue("spec.policyTypes", policyTypes, "may not specify more than two policyTypes"));
  }
  for (const [index, type] of policyTypes.entries()) {
    if (!POLICY_TYPES.includes(type)) {
      errors.push(notSupported(`spec.policyTypes[${index}]`, type, POLICY_TYPES));
    }
  }
  return errors;
}
