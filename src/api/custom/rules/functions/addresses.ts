import type { Environment } from "@marcbachmann/cel-js";
import { FORMATS } from "../../formats.ts";

const isIp = (text: string) => FORMATS.ipv4?.(text) === true || FORMATS.ipv6?.(text) === true;

/** The scheme of what has none. */
const PATH_ALONE = "file:";

/** Kubernetes' functions on URLs, and those that tell whether a text is an address. */
export function registerAddresses(environment: Environment): void {
  environment.registerType("URL", URL);
  environment.registerFunction("isURL(string): bool", (text: string) => FORMATS.uri?.(text) === true);
  environment.registerFunction(
    "url(string): URL",
    (text: string) => new URL(text.startsWith("/") ? `${PATH_ALONE}//${text}` : text),
  );
  const part = (name: string, read: (url: URL) => string) =>
    environment.registerFunction(`URL.${name}(): string`, read);
  part("getScheme", ({ protocol }) => (protocol === PATH_ALONE ? "" : protocol.replace(/:$/, "")));
  part("getHost", ({ host }) => host);
  part("getHostname", ({ hostname }) => hostname.replace(/^\[(.*)\]$/, "$1"));
  part("getPort", ({ port }) => port);
  part("getEscapedPath", ({ pathname }) => pathname);
  environment.registerFunction("isIP(string): bool", isIp);
  environment.registerFunction("isCIDR(string): bool", (text: string) => FORMATS.cidr?.(text) === true);
}
