import { badRequest } from "../api/errors.ts";

/** The parameters of a request line, decoded; of repeated ones the first counts. */
export type Query = ReadonlyMap<string, string>;

const NONE: Query = new Map();

/** Splits `path?query`. A fragment cannot be sent; one that is there belongs to the query's last value. */
export function splitTarget(target: string): { readonly path: string; readonly query: Query } {
  const mark = target.indexOf("?");
  if (mark < 0) return { path: target, query: NONE };
  return { path: target.slice(0, mark), query: parseQuery(target.slice(mark + 1)) };
}

function parseQuery(text: string): Query {
  if (text === "") return NONE;
  const query = new Map<string, string>();
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=");
    const name = decodePart(equals < 0 ? pair : pair.slice(0, equals));
    if (name !== "" && !query.has(name))
      query.set(name, equals < 0 ? "" : decodePart(pair.slice(equals + 1)));
  }
  return query;
}

function decodePart(part: string): string {
  if (!part.includes("%") && !part.includes("+")) return part;
  return decodePercent(part.replaceAll("+", " "));
}

/** Undoes %-encoding, or fails with BadRequest. */
export function decodePercent(part: string): string {
  if (!part.includes("%")) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest("the request target is not valid: malformed percent-encoding");
  }
}

/** `true` for `true`, `1` and a bare parameter, as Kubernetes reads booleans of a query. */
export function booleanParameter(query: Query, name: string): boolean {
  const value = query.get(name);
  return value !== undefined && value !== "false" && value !== "0";
}

/** A whole number of at least 0, or undefined when the parameter is absent or empty; else BadRequest. */
export function countParameter(query: Query, name: string): number | undefined {
  const value = query.get(name);
  if (value === undefined || value === "") return undefined;
  if (!/^\d{1,15}$/.test(value)) {
    throw badRequest(`invalid value ${JSON.stringify(value)} of parameter ${name}: must be a whole number`);
  }
  return Number(value);
}

/** The parameter, with an empty one taken as absent. */
export function textParameter(query: Query, name: string): string | undefined {
  const value = query.get(name);
  return value === "" ? undefined : value;
}
