import { checkRange } from "../addresses-validation.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkLabelSelector, type LabelSelector } from "../label-selector.ts";
import { checkPortNumberOrName, PROTOCOLS } from "./container-ports-validation.ts";

/** networking.k8s.io/v1 NetworkPolicyIngressRule and NetworkPolicyEgressRule. */
export interface NetworkPolicyRule {
  readonly ports?: readonly NetworkPolicyPort[];
  readonly from?: readonly NetworkPolicyPeer[];
  readonly to?: readonly NetworkPolicyPeer[];
}

interface NetworkPolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

/** Rules of one direction (pkg/apis/networking/validation); `peers` is the field of those at the other end. */
export function checkRules(
  field: string,
  rules: readonly NetworkPolicyRule[],
  peers: "from" | "to",
  errors: FieldError[],
): void {
  for (const [index, rule] of rules.entries()) {
    const at = `${field}[${index}]`;
    for (const [place, port] of (rule.ports ?? []).entries()) {
      checkPort(`${at}.ports[${place}]`, port, errors);
    }
    for (const [place, peer] of (rule[peers] ?? []).entries()) {
      checkPeer(`${at}.${peers}[${place}]`, peer, errors);
    }
  }
}

function checkPort(
  field: string,
  { protocol, port, endPort }: NetworkPolicyPort,
  errors: FieldError[],
): void {
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${field}.protocol`, protocol, PROTOCOLS));
  }
  if (port === undefined) {
    if (endPort === undefined) return;
    errors.push(requiredValue(`${field}.port`, "must be specified when `endPort` is specified"));
    return;
  }
  checkPortNumberOrName(`${field}.port`, port, errors);
  if (endPort === undefined) return;
  if (typeof port === "string") {
    errors.push(invalidValue(`${field}.endPort`, endPort, "may not be specified when `port` is non-numeric"));
    return;
  }
  if (endPort < port) {
    errors.push(invalidValue(`${field}.endPort`, endPort, "must be greater than or equal to `port`"));
  }
  checkPortNumberOrName(`${field}.endPort`, endPort, errors);
}

function checkPeer(
  field: string,
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  errors: FieldError[],
): void {
  if (podSelector !== undefined) checkLabelSelector(`${field}.podSelector`, podSelector, errors);
  if (namespaceSelector !== undefined) {
    checkLabelSelector(`${field}.namespaceSelector`, namespaceSelector, errors);
  }
  if (ipBlock !== undefined) {
    const { cidr = "", except = [] } = ipBlock;
    if (cidr === "") errors.push(requiredValue(`${field}.ipBlock.cidr`));
    else checkRange(`${field}.ipBlock.cidr`, cidr, errors);
    for (const [index, range] of except.entries()) {
      checkRange(`${field}.ipBlock.except[${index}]`, range, errors);
    }
  }
  const selectors = [podSelector, namespaceSelector].filter((selector) => selector !== undefined);
  if (selectors.length === 0 && ipBlock === undefined) {
    errors.push(requiredValue(field, "must specify a peer"));
  } else if (selectors.length > 0 && ipBlock !== undefined) {
    errors.push(forbidden(field, "may not specify both ipBlock and another peer"));
  }
}
