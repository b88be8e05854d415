import { checkRange } from "../addresses-validation.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported } from "../field-errors.ts";
import { checkQualifiedName } from "../metadata-validation.ts";
import { checkPortNumber } from "./container-ports-validation.ts";
import type { ServiceSpec } from "./service.ts";

/** Sorted, as refusals name them. */
const POLICIES = ["Cluster", "Local"];
const BALANCERS_ONLY = "may only be used when `type` is 'LoadBalancer'";

/** What is for services that are reached from outside alone, and where their traffic goes. */
export function checkTraffic(spec: ServiceSpec, errors: FieldError[]): void {
  checkBalancer(spec, errors);
  const { type, externalTrafficPolicy: external, externalIPs = [] } = spec;
  const isReached =
    type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && externalIPs.length > 0);
  if (external && !isReached) {
    const detail = "may only be set for externally-accessible services";
    errors.push(invalidValue("spec.externalTrafficPolicy", external, detail));
  } else if (external !== undefined && isReached && !POLICIES.includes(external)) {
    errors.push(notSupported("spec.externalTrafficPolicy", external, POLICIES));
  }
  checkHealthPort(spec, errors);
  const { internalTrafficPolicy: internal, trafficDistribution: distribution } = spec;
  if (internal !== undefined && !POLICIES.includes(internal)) {
    errors.push(notSupported("spec.internalTrafficPolicy", internal, POLICIES));
  }
  if (distribution !== undefined && distribution !== "PreferClose") {
    errors.push(notSupported("spec.trafficDistribution", distribution, ["PreferClose"]));
  }
}

function checkBalancer(spec: ServiceSpec, errors: FieldError[]): void {
  const isBalanced = spec.type === "LoadBalancer";
  const { loadBalancerSourceRanges: ranges = [], allocateLoadBalancerNodePorts, loadBalancerClass } = spec;
  if (ranges.length > 0 && !isBalanced) {
    errors.push(forbidden("spec.LoadBalancerSourceRanges", BALANCERS_ONLY));
  }
  for (const [index, range] of ranges.entries()) {
    checkRange(`spec.LoadBalancerSourceRanges[${index}]`, range.trim(), errors);
  }
  if (allocateLoadBalancerNodePorts !== undefined && !isBalanced) {
    errors.push(forbidden("spec.allocateLoadBalancerNodePorts", BALANCERS_ONLY));
  }
  if (loadBalancerClass === undefined) return;
  if (!isBalanced) errors.push(forbidden("spec.loadBalancerClass", BALANCERS_ONLY));
  else checkQualifiedName("spec.loadBalancerClass", loadBalancerClass, errors);
}

function checkHealthPort(spec: ServiceSpec, errors: FieldError[]): void {
  const { healthCheckNodePort: port } = spec;
  if (!port) return;
  const isChecked = spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
  if (isChecked) checkPortNumber("spec.healthCheckNodePort", port, errors);
  else {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalidValue("spec.healthCheckNodePort", port, detail));
  }
}
