import type { Service } from "./service.ts";

/** What is said of a service and means nothing (GetWarningsForService of pkg/api/service). */
export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const { type, clusterIPs = [], loadBalancerIP, externalIPs = [], externalName, sessionAffinity } = spec;
  const warnings: string[] = [];
  const annotations = metadata.annotations ?? {};
  if (Object.hasOwn(annotations, OLD_HINTS)) {
    warnings.push(`annotation ${OLD_HINTS} is deprecated, please use ${TOPOLOGY_MODE} instead`);
  }
  if (clusterIPs.length === 1 && clusterIPs[0] === "None") {
    if (loadBalancerIP) warnings.push("spec.loadBalancerIP is ignored for headless services");
    if (externalIPs.length > 0) warnings.push("spec.externalIPs is ignored for headless services");
    if (sessionAffinity === "ClientIP") {
      warnings.push("spec.SessionAffinity is ignored for headless services");
    }
  }
  if (type === "ExternalName" && externalIPs.length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (type !== "ExternalName" && externalName) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  return warnings;
}

const OLD_HINTS = "service.kubernetes.io/topology-aware-hints";
const TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
