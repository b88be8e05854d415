import { ApiError, REASON_CODE, type Reason, type Status } from "../api/errors.ts";
import { ServerUnreachable } from "./errors.ts";
import type { Answer } from "./transport.ts";

/** The body of a good answer. A v1.Status failure becomes the ApiError that it was made from. */
export function expectBody(url: string, answer: Answer): unknown {
  if (answer.status >= 400) throw apiErrorOf(url, answer.status, answer.body);
  if (!answer.isJson) throw foreign(url, answer.status);
  return answer.body;
}

/** The error that an answer stands for; also that of an ERROR event inside a watch. */
export function apiErrorOf(url: string, status: number, body: unknown): ApiError {
  if (isStatus(body)) {
    const reason = body.reason !== undefined && body.reason in REASON_CODE ? body.reason : reasonOf(status);
    return new ApiError(reason, body.message ?? reason, body.details);
  }
  // Proxies and unknown paths answer in plain text, with the codes of HTTP.
  if (status === 404) return new ApiError("NotFound", "the server could not find the requested resource");
  if (status === 401) return new ApiError("Unauthorized", "Unauthorized");
  if (typeof body === "string" && body.trimStart().startsWith("<")) return foreign(url, status);
  return new ApiError(reasonOf(status), `the server answered with status ${status}`);
}

/** True for a v1.Status, also one that says Success. */
export function isStatus(body: unknown): body is Status {
  return typeof body === "object" && body !== null && (body as { kind?: unknown }).kind === "Status";
}

function foreign(url: string, status: number): ServerUnreachable {
  return new ServerUnreachable(
    `The server at ${url} is not a Kubernetes API: it answered with status ${status} and no JSON`,
    "Another program may be listening there. Check the address",
  );
}

function reasonOf(status: number): Reason {
  const reasons = Object.keys(REASON_CODE) as Reason[];
  // Conflict stands before AlreadyExists and Gone before Expired: the general reason of a code comes first.
  const exact = reasons.find((reason) => REASON_CODE[reason] === status);
  return exact ?? (status >= 500 ? "InternalError" : "BadRequest");
}
