import type { Environment } from "@marcbachmann/cel-js";
import { FORMATS } from "../../formats.ts";
import { Cidr, Ip, isWithin, masked, parseCidr, parseIp } from "./ip.ts";

/** The scheme of what has none. */
const PATH_ALONE = "file:";

/** Kubernetes' functions on URLs, addresses and blocks of addresses. */
export function registerAddresses(environment: Environment): void {
  registerUrls(environment);
  registerIps(environment);
  registerCidrs(environment);
}

function registerUrls(environment: Environment): void {
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
}

/** Stands for the name in front of `ip.isCanonical`. */
class IpNamespace {}

function registerIps(environment: Environment): void {
  environment.registerType("IP", Ip);
  environment.registerType("IpNamespace", IpNamespace);
  environment.registerConstant("ip", "IpNamespace", new IpNamespace());
  environment.registerFunction("isIP(string): bool", (text: string) => isRight(() => parseIp(text)));
  environment.registerFunction("ip(string): IP", parseIp);
  environment.registerFunction(
    "IpNamespace.isCanonical(string): bool",
    (_: unknown, text: string) => parseIp(text).text === text,
  );
  environment.registerFunction("string(IP): string", ({ text }: Ip) => text);
  environment.registerFunction("IP.family(): int", ({ family }: Ip) => BigInt(family));
  environment.registerOperator("IP == IP", (one: Ip, other: Ip) => one.text === other.text);
  const tell = (name: string, isSo: (bytes: readonly number[]) => boolean) =>
    environment.registerFunction(`IP.${name}(): bool`, ({ bytes }: Ip) => isSo(bytes));
  tell("isUnspecified", isZero);
  tell("isLoopback", isLoopback);
  tell("isLinkLocalUnicast", isLinkLocal);
  tell("isLinkLocalMulticast", (bytes) => isMulticast(bytes) && isNear(bytes));
  tell(
    "isGlobalUnicast",
    (bytes) =>
      !isZero(bytes) &&
      !isLoopback(bytes) &&
      !isMulticast(bytes) &&
      !isLinkLocal(bytes) &&
      !(bytes.length === 4 && bytes.every((byte) => byte === 0xff)),
  );
}

function isZero(bytes: readonly number[]): boolean {
  return bytes.every((byte) => byte === 0);
}

function isLoopback(bytes: readonly number[]): boolean {
  return bytes.length === 4 ? bytes[0] === 127 : isZero(bytes.slice(0, -1)) && bytes.at(-1) === 1;
}

function isMulticast([first = 0, ...rest]: readonly number[]): boolean {
  return rest.length === 3 ? first >> 4 === 0xe : first === 0xff;
}

/** Of groups: those on one link. */
function isNear(bytes: readonly number[]): boolean {
  const [, second = 0, third] = bytes;
  return bytes.length === 4 ? bytes[0] === 224 && second === 0 && third === 0 : (second & 0xf) === 2;
}

function isLinkLocal(bytes: readonly number[]): boolean {
  const [first, second = 0] = bytes;
  return bytes.length === 4 ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
}

function registerCidrs(environment: Environment): void {
  environment.registerType("CIDR", Cidr);
  environment.registerFunction("isCIDR(string): bool", (text: string) => isRight(() => parseCidr(text)));
  environment.registerFunction("cidr(string): CIDR", parseCidr);
  environment.registerFunction("string(CIDR): string", ({ ip, prefix }: Cidr) => `${ip.text}/${prefix}`);
  environment.registerOperator(
    "CIDR == CIDR",
    (one: Cidr, other: Cidr) => one.prefix === other.prefix && one.ip.text === other.ip.text,
  );
  environment.registerFunction("CIDR.ip(): IP", ({ ip }: Cidr) => ip);
  environment.registerFunction("CIDR.prefixLength(): int", ({ prefix }: Cidr) => BigInt(prefix));
  environment.registerFunction(
    "CIDR.masked(): CIDR",
    ({ ip, prefix }: Cidr) => new Cidr(masked(ip, prefix), prefix),
  );
  const whole = (ip: Ip) => new Cidr(ip, ip.bytes.length * 8);
  environment.registerFunction("CIDR.containsIP(IP): bool", (block: Cidr, ip: Ip) =>
    isWithin(whole(ip), block),
  );
  environment.registerFunction("CIDR.containsIP(string): bool", (block: Cidr, text: string) =>
    isWithin(whole(parseIp(text)), block),
  );
  environment.registerFunction("CIDR.containsCIDR(CIDR): bool", (block: Cidr, other: Cidr) =>
    isWithin(other, block),
  );
  environment.registerFunction("CIDR.containsCIDR(string): bool", (block: Cidr, text: string) =>
    isWithin(parseCidr(text), block),
  );
}

function isRight(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
