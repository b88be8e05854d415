import type { Kind } from "../api/kind.ts";
import type { ServedKinds } from "../api/served-kinds.ts";
import { decodePercent } from "./query.ts";

/** Where a path leads. */
export interface ResourceRoute {
  readonly kind: Kind;
  /** Absent for cluster-scoped kinds and for all namespaces at once. */
  readonly namespace: string | undefined;
  /** Absent for the collection. */
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** What stands behind `/proxy`, as it was sent, from its slash on; "" for nothing. */
  readonly rest?: string;
}

/** Finds the resource that a path names; undefined when it names none. */
export type Router = (path: string) => ResourceRoute | undefined;

/** Makes the router to the kinds that are served. Paths are split by hand: this runs once per request. */
export function createRouter(kinds: Pick<ServedKinds, "in">): Router {
  return (path) => {
    const proxied = path.includes("/proxy") ? PROXIED.exec(path) : null;
    if (proxied !== null) {
      const [, front = "", rest = ""] = proxied;
      const found = resourcePath(kinds, `${front}/proxy`);
      return found?.subresource === "proxy" ? { ...found, rest } : undefined;
    }
    return resourcePath(kinds, path);
  };
}

/** What is passed on may have any path of its own. */
export const PROXIED = /^(\/api\/v1\/(?:namespaces\/[^/]+\/(?:pods|services)|nodes)\/[^/]+)\/proxy(\/.*)?$/;

function resourcePath(kinds: Pick<ServedKinds, "in">, path: string): ResourceRoute | undefined {
  const parts = path.split("/");
  if (parts[parts.length - 1] === "") parts.pop();
  const isCore = parts[1] === "api";
  if (!isCore && parts[1] !== "apis") return undefined;
  const byPlural = kinds.in(isCore ? (parts[2] ?? "") : `${parts[2]}/${parts[3]}`);
  return byPlural && resourceAt(byPlural, parts, isCore ? 3 : 4);
}

/** Reads `namespaces/N/PLURAL/NAME/SUB`, `PLURAL/NAME/SUB` or a beginning of them, from the given part on. */
function resourceAt(
  byPlural: ReadonlyMap<string, Kind>,
  parts: readonly string[],
  start: number,
): ResourceRoute | undefined {
  const count = parts.length - start;
  if (parts[start] === "namespaces" && count >= 3) {
    const namespaced = byPlural.get(parts[start + 2] as string);
    if (namespaced?.namespaced && count <= 5) {
      return routeTo(namespaced, parts[start + 1], parts[start + 3], parts[start + 4]);
    }
  }
  if (count < 1 || count > 3) return undefined;
  const kind = byPlural.get(parts[start] as string);
  if (kind === undefined || (kind.namespaced && count > 1)) return undefined;
  return routeTo(kind, undefined, parts[start + 1], parts[start + 2]);
}

function routeTo(
  kind: Kind,
  namespace: string | undefined,
  name: string | undefined,
  subresource: string | undefined,
): ResourceRoute | undefined {
  const route = {
    kind,
    namespace: namespace === undefined ? undefined : decodePercent(namespace),
    name: name === undefined ? undefined : decodePercent(name),
    subresource,
  };
  return isPlain(route.namespace) && isPlain(route.name) ? route : undefined;
}

/** No object has a name with a slash, a percent sign or a control character in it, or of dots alone. */
function isPlain(name: string | undefined): boolean {
  if (name === undefined) return true;
  if (name === "" || name === "." || name === ".." || name.length > 253) return false;
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f || code === 0x2f || code === 0x5c || code === 0x25) return false;
  }
  return true;
}
