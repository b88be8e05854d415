import type { WholeAnswer } from "./answer.ts";
import { isMaster } from "./authorization/authorizer.ts";
import { contextOf, type Parts, wantedOf } from "./parts.ts";
import { proxy } from "./proxy/proxy.ts";
import { prepareRelay } from "./proxy/relay.ts";
import { splitTarget } from "./query.ts";
import type { ApiRequest } from "./request.ts";
import { isTunnel, prepareTunnel } from "./streaming/tunnel.ts";
import type { OpenTunnel } from "./upgrade.ts";
import type { VerbContext } from "./verbs/context.ts";
import { methodNotAllowed, unknownPath } from "./verbs/refusals.ts";

/**
 * Lets a connection be upgraded: for exec, attach and port-forward, or through the proxy. The checks are those of any
 * other request. Fails with ApiError.
 */
export async function openTunnel(parts: Parts, request: ApiRequest): Promise<OpenTunnel | WholeAnswer> {
  parts.access.checkOrigin(request);
  const { path, query } = splitTarget(request.target);
  const user = await parts.callers.of(request);
  if (!isMaster(user)) await parts.authorizer.require(user, wantedOf(parts, request, path, query));
  const resource = parts.router(path);
  const { name, subresource = "" } = resource ?? {};
  if (resource?.rest !== undefined && name !== undefined) {
    return await openRelay(parts, contextOf(parts, request, query, resource, user), name, resource.rest);
  }
  if (resource === undefined || name === undefined || !isTunnel(resource.kind, subresource))
    throw unknownPath();
  if (request.method !== "GET" && request.method !== "POST") throw methodNotAllowed();
  parts.tunnels.checkRoom();
  const context = contextOf(parts, request, query, resource, user);
  const tunnel = await prepareTunnel(context, name, subresource);
  const enterRegistry = (end: () => void) => {
    const endable = { end };
    parts.tunnels.add(endable);
    const forgetPod = tunnel.kind === "ports" ? tunnel.onPodEnd(end) : () => {};
    return () => {
      forgetPod();
      parts.tunnels.delete(endable);
    };
  };
  return { tunnel, enter: enterRegistry };
}

/** A kubelet's own server upgrades nothing here. */
async function openRelay(
  { tunnels }: Parts,
  context: VerbContext,
  name: string,
  rest: string,
): Promise<OpenTunnel | WholeAnswer> {
  if (context.kind.plural === "nodes") return await proxy(context, name, rest);
  tunnels.checkRoom();
  const tunnel = await prepareRelay(context, name, rest);
  const enter = (end: () => void) => {
    const endable = { end };
    tunnels.add(endable);
    return () => tunnels.delete(endable);
  };
  return { tunnel, enter };
}
