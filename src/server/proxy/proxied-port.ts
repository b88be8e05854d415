import type { PortConnection, PortPeer } from "../../api/container-access.ts";
import { ApiError, badRequest, isReason } from "../../api/errors.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { VerbContext } from "../verbs/context.ts";
import { endpointOfService } from "./endpoint-of-service.ts";
import { readTarget } from "./target.ts";

/** A port of a pod that a request is passed on to. */
export interface ProxiedPort {
  /** `10.128.0.5:8080`. */
  readonly host: string;
  /** Fails with ServiceUnavailable where nobody answers. */
  connect(peer: PortPeer): PortConnection;
}

/**
 * Finds what `pods/NAME:PORT/proxy` or `services/NAME:PORT/proxy` leads to. Fails with NotFound, BadRequest and
 * ServiceUnavailable.
 */
export async function proxiedPort(context: VerbContext, name: string): Promise<ProxiedPort> {
  const namespace = context.namespace ?? "";
  if (context.kind.plural === "services") {
    const { ip, port, podName } = await endpointOfService(context, readTarget(name, "services"));
    if (podName === undefined) throw unreachable(ip, port, "connect: no route to host");
    const pod = await context.objects.get<Pod>(pods, { namespace, name: podName }).catch((error: unknown) => {
      throw isReason(error, "NotFound") ? unreachable(ip, port, "connect: no route to host") : error;
    });
    return portOf(context, pod, port);
  }
  const target = readTarget(name, "pods");
  const pod = await context.objects.get<Pod>(pods, { namespace, name: target.name });
  return portOf(context, pod, target.port === undefined ? defaultPort(pod) : portNumber(target.port));
}

function portOf({ containers }: VerbContext, pod: Pod, port: number): ProxiedPort {
  const { podIP } = pod.status;
  if (podIP === undefined) throw badRequest("address not allowed");
  const connect = (peer: PortPeer) => {
    try {
      return containers.connect(pod, port, peer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const isLost = error.reason === "ServiceUnavailable";
      throw unreachable(podIP, port, isLost ? "connect: no route to host" : "connect: connection refused");
    }
  };
  return { host: `${podIP}:${port}`, connect };
}

function unreachable(ip: string, port: number, why: string): ApiError {
  return new ApiError("ServiceUnavailable", `error trying to reach service: dial tcp ${ip}:${port}: ${why}`);
}

const HTTP_PORT = 80;

/** The first port that a container declares. */
function defaultPort({ spec }: Pod): number {
  return spec.containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0]?.containerPort ?? HTTP_PORT;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw badRequest(`invalid pod request: "${text}" is no port`);
}
