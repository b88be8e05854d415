import type { Kind } from "../api/kind.ts";
import type { Metric, Sample } from "./metrics-text.ts";
import type { Query } from "./query.ts";
import type { ApiRequest } from "./request.ts";
import type { ResourceRoute } from "./route.ts";

/** How many requests for resources were answered, by kind, verb and code. Counting one costs a look-up or two. */
export class RequestCounts {
  readonly #byKind = new Map<Kind, Map<string, number>>();

  add(request: ApiRequest, query: Query, route: ResourceRoute, status: number): void {
    const { kind, subresource = "" } = route;
    const key = `${status} ${verbOf(request, query, route)} ${scopeOf(route)} ${subresource}`;
    let counts = this.#byKind.get(kind);
    if (counts === undefined) {
      counts = new Map();
      this.#byKind.set(kind, counts);
    }
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  /** As kube-apiserver tells it. */
  metric(): Metric {
    const samples: Sample[] = [];
    for (const [{ group, version, plural: resource }, counts] of this.#byKind) {
      for (const [key, value] of counts) {
        const [code = "", verb = "", scope = "", subresource = ""] = key.split(" ");
        const place = { group, resource, scope, subresource };
        samples.push({ labels: { code, component: "apiserver", ...place, verb, version }, value });
      }
    }
    return {
      name: "apiserver_request_total",
      help: "Counter of apiserver requests broken out for each verb, group, version, resource, scope and code.",
      type: "counter",
      samples,
    };
  }
}

const APPLY = "application/apply-patch+yaml";

function verbOf(request: ApiRequest, query: Query, { name, subresource }: ResourceRoute): string {
  const { method } = request;
  if (method === "GET" && name === undefined) return isTrue(query.get("watch")) ? "WATCH" : "LIST";
  if (method === "DELETE" && name === undefined) return "DELETECOLLECTION";
  if (method === "PATCH" && request.header("content-type")?.startsWith(APPLY)) return "APPLY";
  return subresource === "proxy" ? "CONNECT" : method;
}

function isTrue(text: string | undefined): boolean {
  return text === "true" || text === "1";
}

function scopeOf({ name, namespace }: ResourceRoute): string {
  if (name !== undefined) return "resource";
  return namespace === undefined ? "cluster" : "namespace";
}
