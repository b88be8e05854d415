import type { PortPeer } from "../../api/container-access.ts";
import { ApiError, badRequest, isReason } from "../../api/errors.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { headersFor, type WholeAnswer } from "../answer.ts";
import { BODY_LIMIT_BYTES } from "../request.ts";
import type { VerbContext } from "../verbs/context.ts";
import { endpointOfService } from "./endpoint-of-service.ts";
import { exchange, type PassedRequest } from "./http-exchange.ts";
import { answerForNode } from "./kubelet-paths.ts";
import { readTarget } from "./target.ts";

/**
 * What is behind `pods/NAME:PORT/proxy/...`, `services/NAME:PORT/proxy/...` and `nodes/NAME/proxy/...`.
 * Fails with NotFound and BadRequest, and with ServiceUnavailable where nobody answers.
 */
export async function proxy(context: VerbContext, name: string, rest: string): Promise<WholeAnswer> {
  const { kind, request } = context;
  const [path = "", query] = request.target.split("?", 2);
  const mark = query === undefined ? "" : `?${query}`;
  // The page's own links lead on from there.
  if (rest === "" && request.method === "GET") {
    return { status: 301, headers: [...headersFor("text/plain"), "location", `${path}/${mark}`], body: "" };
  }
  if (kind.plural === "nodes") return await answerForNode(context, readTarget(name, "nodes").name, rest);
  const passed = { target: `${rest || "/"}${mark}`, ...(await contentOf(context)) };
  if (kind.plural === "services") return await toService(context, name, passed);
  const target = readTarget(name, "pods");
  const pod = await context.objects.get<Pod>(pods, { namespace: context.namespace ?? "", name: target.name });
  return await toPod(
    context,
    pod,
    target.port === undefined ? defaultPort(pod) : portNumber(target.port),
    passed,
  );
}

type Content = Omit<PassedRequest, "host">;

async function contentOf({ request }: VerbContext): Promise<Omit<Content, "target">> {
  const isBodyless = request.method === "GET" || request.method === "HEAD";
  const body = isBodyless ? Buffer.alloc(0) : await request.readBody(BODY_LIMIT_BYTES);
  return { method: request.method, contentType: request.header("content-type"), body };
}

async function toService(context: VerbContext, name: string, content: Content): Promise<WholeAnswer> {
  const { ip, port, podName } = await endpointOfService(context, readTarget(name, "services"));
  if (podName === undefined) throw unreachable(ip, port, "connect: no route to host");
  const key = { namespace: context.namespace ?? "", name: podName };
  const pod = await context.objects.get<Pod>(pods, key).catch((error: unknown) => {
    throw isReason(error, "NotFound") ? unreachable(ip, port, "connect: no route to host") : error;
  });
  return await toPod(context, pod, port, content);
}

async function toPod(context: VerbContext, pod: Pod, port: number, content: Content): Promise<WholeAnswer> {
  const { podIP } = pod.status;
  if (podIP === undefined) throw badRequest("address not allowed");
  const connect = (peer: PortPeer) => {
    try {
      return context.containers.connect(pod, port, peer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const isLost = error.reason === "ServiceUnavailable";
      throw unreachable(podIP, port, isLost ? "connect: no route to host" : "connect: connection refused");
    }
  };
  try {
    const answer = await exchange(connect, { ...content, host: `${podIP}:${port}` }, context.wireClock);
    return { status: answer.status, headers: headersFor(answer.contentType), body: answer.body };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("ServiceUnavailable", `error trying to reach service: ${(error as Error).message}`);
  }
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
