import { ApiError } from "../../api/errors.ts";
import { headersFor, type WholeAnswer } from "../answer.ts";
import { BODY_LIMIT_BYTES } from "../request.ts";
import type { VerbContext } from "../verbs/context.ts";
import { exchange, type PassedRequest } from "./http-exchange.ts";
import { answerForNode } from "./kubelet-paths.ts";
import { proxiedPort } from "./proxied-port.ts";
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
  const { host, connect } = await proxiedPort(context, name);
  try {
    const answer = await exchange(connect, { ...passed, host }, context.wireClock);
    return { status: answer.status, headers: headersFor(answer.contentType), body: answer.body };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("ServiceUnavailable", `error trying to reach service: ${(error as Error).message}`);
  }
}

type Content = Omit<PassedRequest, "host">;

async function contentOf({ request }: VerbContext): Promise<Omit<Content, "target">> {
  const isBodyless = request.method === "GET" || request.method === "HEAD";
  const body = isBodyless ? Buffer.alloc(0) : await request.readBody(BODY_LIMIT_BYTES);
  return { method: request.method, contentType: request.header("content-type"), body };
}
