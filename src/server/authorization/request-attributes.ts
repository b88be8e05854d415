import type { Query } from "../query.ts";
import { booleanParameter } from "../query.ts";
import type { ApiRequest } from "../request.ts";
import type { ResourceRoute } from "../route.ts";
import type { PathAttributes, ResourceAttributes } from "./attributes.ts";

const VERB_OF_METHOD: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** What a request for objects wants to do (apiserver/pkg/endpoints/request). */
export function resourceAttributes(
  request: ApiRequest,
  { kind, namespace, name, subresource }: ResourceRoute,
  query: Query,
): ResourceAttributes {
  const isSelf = kind.plural === "namespaces" && kind.group === "";
  const named = name ?? nameSelected(query);
  return {
    verb: verbOf(request, name, subresource, query),
    group: kind.group,
    version: kind.version,
    resource: kind.plural,
    subresource: subresource ?? "",
    namespace: isSelf ? (name ?? "") : (namespace ?? ""),
    name: named,
  };
}

/** What a request for anything else wants to do. */
export function pathAttributes(request: ApiRequest, path: string): PathAttributes {
  return { verb: request.method.toLowerCase(), path };
}

function verbOf(
  { method }: ApiRequest,
  name: string | undefined,
  subresource: string | undefined,
  query: Query,
): string {
  if (method !== "GET" && method !== "HEAD") {
    const verb = VERB_OF_METHOD[method] ?? "";
    return verb === "delete" && name === undefined ? "deletecollection" : verb;
  }
  if (subresource === undefined && booleanParameter(query, "watch")) return "watch";
  return name === undefined ? "list" : "get";
}

/** A list or watch of the one object of a name is about that object. */
function nameSelected(query: Query): string {
  const match = /^metadata\.name==?([^,!=]+)$/.exec(query.get("fieldSelector") ?? "");
  return match?.[1] ?? "";
}
