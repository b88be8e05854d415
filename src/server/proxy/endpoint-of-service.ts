import { ApiError } from "../../api/errors.ts";
import { type Endpoints, endpoints } from "../../api/kinds/endpoints.ts";
import { type Service, services } from "../../api/kinds/service.ts";
import type { VerbContext } from "../verbs/context.ts";
import type { ProxyTarget } from "./target.ts";

/** A pod behind a service, and its port. */
export interface ServiceEndpoint {
  readonly ip: string;
  readonly port: number;
  /** The name of the pod; absent for an address that is none of a pod. */
  readonly podName: string | undefined;
}

/**
 * One of the ready endpoints of a service, by chance. Fails with NotFound, and with ServiceUnavailable where the
 * service has no such port or nothing behind it, as kube-apiserver does.
 */
export async function endpointOfService(
  { objects, namespace = "", random }: VerbContext,
  { name, port }: ProxyTarget,
): Promise<ServiceEndpoint> {
  const service = await objects.get<Service>(services, { namespace, name });
  const portName = portNameOf(service, port);
  const behind = await objects.get<Endpoints>(endpoints, { namespace, name });
  const candidates = (behind.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports
      .filter((each) => (each.name ?? "") === portName)
      .flatMap((each) => addresses.map((address) => ({ address, port: each.port }))),
  );
  const chosen = candidates[candidates.length === 0 ? 0 : random.below(candidates.length)];
  if (chosen === undefined) throw unavailable(`no endpoints available for service "${name}"`);
  const { kind, name: podName } = (chosen.address.targetRef ?? {}) as { kind?: string; name?: string };
  return { ip: chosen.address.ip, port: chosen.port, podName: kind === "Pod" ? podName : undefined };
}

/** Endpoints know ports by their names alone; the only port may have none. */
function portNameOf({ metadata, spec }: Service, asked: string | undefined): string {
  const ports = spec.ports ?? [];
  const number = Number(asked);
  if (asked === undefined || !Number.isInteger(number)) return asked ?? "";
  const found = ports.find(({ port }) => port === number);
  if (found === undefined)
    throw unavailable(`no service port ${number} found for service "${metadata.name}"`);
  return found.name ?? "";
}

function unavailable(message: string): ApiError {
  return new ApiError("ServiceUnavailable", message);
}
