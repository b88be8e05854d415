import { ApiError, REASON_CODE, type Reason, type Status } from "../api/errors.ts";
import { ServerUnreachable } from "./errors.ts";
import type { Answer } from "./transport.ts";

/** The body of a good answer, an object. A v1.Status failure becomes the ApiError that it was made from. */
export function expectBody(url: string, answer: Answer): unknown {
  const body = expectJson(url, answer);
  if (!isFields(body) || typeof body.kind !== "string") {
    throw foreign(url, answer.status, "JSON that is no Kubernetes object");
  }
  return body;
}

/** The body of a list. */
export function expectList(url: string, answer: Answer): RawList {
  const body = expectJson(url, answer);
  const isList =
    isFields(body) && isFields(body.metadata) && (Array.isArray(body.items) || body.items === null);
  if (!isList) throw foreign(url, answer.status, "JSON that is no list of Kubernetes objects");
  return body as unknown as RawList;
}

function expectJson(url: string, answer: Answer): unknown {
  if (answer.status >= 400) throw apiErrorOf(url, answer.status, answer.body);
  if (!answer.isJson) throw foreign(url, answer.status, "no JSON");
  return answer.body;
}

/** A list as it travels; `items` is null in an empty list of some servers. */
export interface RawList {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly unknown[] | null;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
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
  if (typeof body === "string" && body.trimStart().startsWith("<")) return foreign(url, status, "no JSON");
  return new ApiError(reasonOf(status), `the server answered with status ${status}${firstWords(body)}`);
}

/** The JSON of a text, or the text itself when it is none. */
export function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** True for a v1.Status, also one that says Success. */
export function isStatus(body: unknown): body is Status {
  return typeof body === "object" && body !== null && (body as { kind?: unknown }).kind === "Status";
}

const WORDS_MAX = 200;

/** What a plain text says, as far as it is fit for one line. */
function firstWords(body: unknown): string {
  if (typeof body !== "string") return "";
  const line =
    body
      .trim()
      .split("\n", 1)[0]
      ?.replace(/\p{Cc}/gu, " ") ?? "";
  return line === "" ? "" : `: ${line.length > WORDS_MAX ? `${line.slice(0, WORDS_MAX)}…` : line}`;
}

/** Something that answers over HTTP and is no Kubernetes API. */
function foreign(url: string, status: number, what: string): ServerUnreachable {
  return new ServerUnreachable(
    `The server at ${url} is not a Kubernetes API: it answered with status ${status} and ${what}`,
    "Another program may be listening there. Check the address",
  );
}

function reasonOf(status: number): Reason {
  const reasons = Object.keys(REASON_CODE) as Reason[];
  // Conflict stands before AlreadyExists and Gone before Expired: the general reason of a code comes first.
  const exact = reasons.find((reason) => REASON_CODE[reason] === status);
  return exact ?? (status >= 500 ? "InternalError" : "BadRequest");
}
