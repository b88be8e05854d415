import { timingSafeEqual } from "node:crypto";
import { ApiError } from "../api/errors.ts";
import type { ApiRequest } from "./request.ts";

/** Who may come in. */
export interface AccessOptions {
  /** The cluster's bearer token; undefined lets everyone in (only for use in memory). */
  readonly token: string | undefined;
  /** Host names beside localhost and the loopback addresses under which the server may be addressed. */
  readonly hosts?: readonly string[];
}

export interface Access {
  /** Fails with Forbidden for requests that a foreign web page or a rebound name may have sent. */
  checkOrigin(request: ApiRequest): void;
  /** Whether the request carries the cluster's own token. */
  isOwn(request: ApiRequest): boolean;
}

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const REMEMBERED_MAX = 64;

/**
 * Makes the checks of one server. A browser on the same machine can reach a loopback port from any page (cross-site
 * requests) or by a name that its owner points at 127.0.0.1 (DNS rebinding), so Host, Origin and Sec-Fetch-Site are
 * looked at before anything else.
 */
export function createAccess(options: AccessOptions): Access {
  const hosts = new Set([...LOOPBACK_HOSTS, ...(options.hosts ?? [])]);
  const goodHosts = new Set<string>();
  const bearer = options.token === undefined ? undefined : Buffer.from(`Bearer ${options.token}`);

  const isOurHost = (host: string): boolean => {
    if (goodHosts.has(host)) return true;
    if (!hosts.has(hostName(host))) return false;
    if (goodHosts.size < REMEMBERED_MAX) goodHosts.add(host);
    return true;
  };

  return {
    checkOrigin(request) {
      const host = request.header("host");
      if (host === undefined || !isOurHost(host)) throw foreign("Host");
      const origin = request.header("origin");
      if (origin !== undefined && !isOurHost(origin.replace(/^https?:\/\//, ""))) throw foreign("Origin");
      if (request.header("sec-fetch-site") === "cross-site") throw foreign("Sec-Fetch-Site");
    },
    isOwn: (request) => bearer === undefined || isSame(request.header("authorization"), bearer),
  };
}

/** The name in `name:port`, or a text that is no host at all when there is more in it than that. */
function hostName(host: string): string {
  const match = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.exec(host);
  return match === null ? "" : (match[1] as string).toLowerCase();
}

function isSame(given: string | undefined, expected: Buffer): boolean {
  if (given === undefined) return false;
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function foreign(header: string): ApiError {
  return new ApiError("Forbidden", `forbidden: the ${header} header names a foreign site`);
}
