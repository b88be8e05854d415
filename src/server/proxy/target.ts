import { badRequest } from "../../api/errors.ts";

/** What stands in the place of a name before `/proxy`: `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`. */
export interface ProxyTarget {
  readonly name: string;
  /** A number, or the name of a port; absent: the one that there is. */
  readonly port: string | undefined;
}

/** Reads it. Fails with BadRequest, in the words of kube-apiserver, for anything else. */
export function readTarget(text: string, plural: string): ProxyTarget {
  const parts = text.split(":");
  const [first = "", second = "", third = ""] = parts;
  if (parts.length === 1) return { name: first, port: undefined };
  if (parts.length === 2 && first !== "") return { name: first, port: second || undefined };
  const isScheme = first === "" || first === "http" || first === "https";
  if (parts.length === 3 && isScheme && second !== "") return { name: second, port: third || undefined };
  throw badRequest(`invalid ${plural.slice(0, -1)} request "${text}"`);
}
