import type { Mutable } from "../../lib/mutable.ts";
import { deepEqual } from "../deep-equal.ts";
import type { Service, ServicePort, ServiceSpec } from "./service.ts";

const CLIENT_SECONDS = 10_800;

/** Fills in what is left out (pkg/apis/core/v1/defaults.go); addresses and node ports are allocated by an admission. */
export function setServiceDefaults(service: Service): Service {
  const given: Partial<ServiceSpec> = service.spec ?? {};
  const spec = completed(given);
  const status = service.status ?? { loadBalancer: {} };
  if (status === service.status && deepEqual(spec, given)) return service;
  return { ...service, spec, status };
}

function completed(given: Partial<ServiceSpec>): ServiceSpec {
  const type = given.type ?? "ClusterIP";
  const sessionAffinity = given.sessionAffinity ?? "None";
  const spec: Mutable<ServiceSpec> = { ...given, type, sessionAffinity };
  if (given.ports !== undefined) spec.ports = given.ports.map(withPortDefaults);
  if (sessionAffinity === "None") delete spec.sessionAffinityConfig;
  else spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: CLIENT_SECONDS } };
  if (type === "NodePort" || type === "LoadBalancer") spec.externalTrafficPolicy ??= "Cluster";
  if (type === "LoadBalancer") spec.allocateLoadBalancerNodePorts ??= true;
  if (type === "ExternalName") return spec;
  spec.internalTrafficPolicy ??= "Cluster";
  spec.ipFamilies ??= ["IPv4"];
  spec.ipFamilyPolicy ??= "SingleStack";
  return spec;
}

function withPortDefaults(port: ServicePort): ServicePort {
  const number = port.port ?? 0;
  return {
    ...port,
    port: number,
    protocol: port.protocol || "TCP",
    targetPort: port.targetPort === undefined || port.targetPort === "" ? number : port.targetPort,
  };
}
