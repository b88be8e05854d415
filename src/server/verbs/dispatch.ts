import { ApiError } from "../../api/errors.ts";
import type { ScaleSubresource } from "../../api/scale.ts";
import type { Answer } from "../answer.ts";
import { proxy } from "../proxy/proxy.ts";
import { booleanParameter } from "../query.ts";
import type { ResourceRoute } from "../route.ts";
import { readLog } from "../streaming/log.ts";
import { passedOn } from "../streaming/subresources.ts";
import { answerBinding, bindings } from "./binding.ts";
import type { VerbContext } from "./context.ts";
import { deleteCollection, deleteObject } from "./delete.ts";
import { getObject, listObjects } from "./read.ts";
import { methodNotAllowed, unknownPath } from "./refusals.ts";
import { answerReview } from "./review.ts";
import { getScale, patchScale, replaceScale } from "./scale.ts";
import { watchObjects } from "./watch.ts";
import { createObject, patchObject, replaceObject, runAction } from "./write.ts";

/** Chooses the verb for a method at a place. Fails with NotFound and MethodNotAllowed. */
export function dispatch(context: VerbContext, { name, subresource, rest }: ResourceRoute): Promise<Answer> {
  const { kind, request } = context;
  if (name === undefined) return onCollection(context);
  if (kind.createOnly) throw unknownPath();
  if (subresource === undefined) return onObject(context, name);
  const isPart = kind.parts !== undefined && Object.hasOwn(kind.parts, subresource);
  if (isPart || (subresource === "status" && kind.statusSubresource)) {
    return onPart(context, name, subresource);
  }
  if (subresource === "scale" && kind.scale !== undefined) return onScale(context, name, kind.scale);
  if (kind.actions && Object.hasOwn(kind.actions, subresource)) {
    if (request.method !== "POST") throw methodNotAllowed();
    return runAction(context, name, subresource);
  }
  if (rest !== undefined) return proxy(context, name, rest);
  if (passedOn(kind, subresource) !== undefined) return onKubelet(context, name, subresource);
  throw unknownPath();
}

function onCollection(context: VerbContext): Promise<Answer> {
  const { method } = context.request;
  if (context.kind.createOnly) {
    if (method !== "POST" || (context.kind.namespaced && context.namespace === undefined))
      throw methodNotAllowed();
    return context.kind === bindings ? answerBinding(context) : answerReview(context);
  }
  if (method === "GET") {
    return booleanParameter(context.query, "watch") ? watchObjects(context, undefined) : listObjects(context);
  }
  // Namespaced kinds are written in one namespace; the path over all of them only reads.
  if (context.kind.namespaced && context.namespace === undefined) throw methodNotAllowed();
  if (method === "POST") return createObject(context);
  if (method === "DELETE") return deleteCollection(context);
  throw methodNotAllowed();
}

function onObject(context: VerbContext, name: string): Promise<Answer> {
  switch (context.request.method) {
    case "GET":
      return booleanParameter(context.query, "watch")
        ? watchObjects(context, name)
        : getObject(context, name);
    case "PUT":
      return replaceObject(context, name, undefined);
    case "PATCH":
      return patchObject(context, name, undefined);
    case "DELETE":
      return deleteObject(context, name);
    default:
      throw methodNotAllowed();
  }
}

/** `/status` and its like. */
function onPart(context: VerbContext, name: string, subresource: string): Promise<Answer> {
  switch (context.request.method) {
    case "GET":
      return getObject(context, name);
    case "PUT":
      return replaceObject(context, name, subresource);
    case "PATCH":
      return patchObject(context, name, subresource);
    default:
      throw methodNotAllowed();
  }
}

function onScale(context: VerbContext, name: string, scale: ScaleSubresource): Promise<Answer> {
  switch (context.request.method) {
    case "GET":
      return getScale(context, name, scale);
    case "PUT":
      return replaceScale(context, name, scale);
    case "PATCH":
      return patchScale(context, name, scale);
    default:
      throw methodNotAllowed();
  }
}

/** What a kubelet answers. */
async function onKubelet(context: VerbContext, name: string, subresource: string): Promise<Answer> {
  const { method } = context.request;
  if (subresource === "log") {
    if (method !== "GET") throw methodNotAllowed();
    return await readLog(context, name);
  }
  if (method !== "GET" && method !== "POST") throw methodNotAllowed();
  await getObject(context, name);
  throw new ApiError("BadRequest", "Upgrade request required");
}
