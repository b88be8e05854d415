import type { Mutable } from "../../lib/mutable.ts";
import { deepEqual } from "../deep-equal.ts";
import type { ServiceSpec } from "../kinds/service.ts";

type Field = keyof ServiceSpec;

/** Fields that mean something for some services only, with those. */
const FIELDS: readonly (readonly [Field, (spec: ServiceSpec) => boolean])[] = [
  ["ipFamilies", hasAddress],
  ["ipFamilyPolicy", hasAddress],
  ["healthCheckNodePort", (spec) => isBalanced(spec) && spec.externalTrafficPolicy === "Local"],
  ["allocateLoadBalancerNodePorts", isBalanced],
  ["loadBalancerClass", isBalanced],
  ["externalTrafficPolicy", isReached],
];

/**
 * A service that becomes one of another type gives back what only its old type has, unless somebody has changed that
 * too (pkg/registry/core/service, dropTypeDependentFields). Addresses and ports are those of the allocation.
 */
export function withoutLeftovers(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const left = FIELDS.filter(
    ([field, isMeant]) =>
      spec[field] !== undefined && isMeant(old) && !isMeant(spec) && deepEqual(spec[field], old[field]),
  );
  if (left.length === 0) return spec;
  const kept: Mutable<ServiceSpec> = { ...spec };
  for (const [field] of left) delete kept[field];
  return kept;
}

function hasAddress({ type }: ServiceSpec): boolean {
  return type !== "ExternalName";
}

function isBalanced({ type }: ServiceSpec): boolean {
  return type === "LoadBalancer";
}

/** ExternallyAccessible of pkg/api/service. */
function isReached({ type, externalIPs = [] }: ServiceSpec): boolean {
  return type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && externalIPs.length > 0);
}
