import { ApiError } from "../api/errors.ts";

/**
 * There is no Kubernetes API behind the address: nobody listens, the connection broke, the certificate is not the
 * cluster's, or something else answers. `cause` is what the socket said. Exit code 3.
 */
export class ServerUnreachable extends ApiError {
  readonly hint: string;
  readonly exitCode = 3;

  constructor(message: string, hint: string, cause?: unknown) {
    super("ServiceUnavailable", message);
    this.name = "ServerUnreachable";
    this.hint = hint;
    if (cause !== undefined) this.cause = cause;
  }
}

/** Something on this machine stands in the way: a directory, a file, a port, another process. */
export class LocalError extends Error {
  readonly hint: string;
  readonly exitCode: number;

  constructor(message: string, hint: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LocalError";
    this.hint = hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** `code` of a system, TLS or undici error; also of the error inside it. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string") return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return codeOf(cause);
}

/** Says in plain words why no answer came from `url`. */
export function unreachable(url: string, error: unknown, wrote = false): ServerUnreachable {
  const code = codeOf(error) ?? "";
  const [problem, hint] = explain(code, error);
  const doubt = wrote && isMidway(code) ? "; whether the change was made is not known" : "";
  return new ServerUnreachable(`Couldn't reach the server at ${url}: ${problem}${doubt}`, hint, error);
}

/** Says that a watch brought something else than events. */
export function unreadableEvent(url: string): ServerUnreachable {
  return new ServerUnreachable(`The server at ${url} sent a watch event that cannot be read`, FOREIGN_HINT);
}

/** True when nothing was sent, so that anything may be tried again. */
export function isRefused(error: unknown): boolean {
  return codeOf(error) === "ECONNREFUSED";
}

const STATUS_HINT = "See whether it runs with: kubesim server status";
const FOREIGN_HINT = "Another program may be listening there. Check the address, or start the cluster again";

function explain(code: string, error: unknown): readonly [problem: string, hint: string] {
  if (code === "ECONNREFUSED") return ["nothing listens there", STATUS_HINT];
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return ["the host is not known", "Check the address for a typing error"];
  if (isTimeout(code)) return ["it does not answer", STATUS_HINT];
  if (code === "CERT_HAS_EXPIRED")
    return ["its certificate has expired", "Start the server again to get a new one"];
  if (isCertificate(code)) return ["its certificate is not the cluster's", FOREIGN_HINT];
  if (isProtocol(code)) return ["something answers there, but not a Kubernetes API over HTTPS", FOREIGN_HINT];
  if (isMidway(code)) return ["the connection broke", STATUS_HINT];
  return [error instanceof Error ? error.message : String(error), STATUS_HINT];
}

function isTimeout(code: string): boolean {
  return (
    code === "ETIMEDOUT" ||
    code === "UND_ERR_CONNECT_TIMEOUT" ||
    code === "UND_ERR_HEADERS_TIMEOUT" ||
    code === "UND_ERR_BODY_TIMEOUT"
  );
}

function isCertificate(code: string): boolean {
  return /CERT|^UNABLE_TO_|^ERR_TLS_/.test(code);
}

function isProtocol(code: string): boolean {
  return code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("HPE_");
}

function isMidway(code: string): boolean {
  return code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET" || isTimeout(code);
}
