import type { ApiError } from "../api/errors.ts";

/** What the handler says; the carrier (listen.ts, fetch.ts) writes it. */
export type Answer = WholeAnswer | StreamedAnswer;

export interface WholeAnswer {
  readonly status: number;
  /** Names and values in turn; the carrier adds the length. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
}

/** The status of an answer without a body, and without a length: what the client has is still so. */
export const NOT_MODIFIED = 304;

export interface StreamedAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  /** Called once, when the head has been written. */
  readonly stream: (outlet: Outlet) => void;
}

/** Where a stream goes. */
export interface Outlet {
  /** Takes the chunk, whatever the reader does. */
  write(chunk: Buffer | string): void;
  /** True while the reader is so far behind that writers should wait for `onReady`. */
  readonly isFull: boolean;
  /** Calls back in a later turn of the event loop, once the reader has room. */
  onReady(callback: () => void): void;
  /** Calls back when the reader is gone. */
  onClose(callback: () => void): void;
  /** Ends the stream cleanly after what was written. */
  end(): void;
  /** Breaks it off. */
  destroy(): void;
}

/** Objects never belong in a shared cache, and no browser may take them for a script or a page. */
const COMMON_HEADERS = ["cache-control", "no-cache, private", "x-content-type-options", "nosniff"] as const;

export const JSON_HEADERS: readonly string[] = ["content-type", "application/json", ...COMMON_HEADERS];

/** Headers of an answer of another media type. */
export function headersFor(contentType: string): string[] {
  return ["content-type", contentType, ...COMMON_HEADERS];
}

/** Headers with warnings, which kubectl and other clients show to whoever asked. */
export function headersWith(headers: readonly string[], warnings: readonly string[]): readonly string[] {
  if (warnings.length === 0) return headers;
  return [...headers, ...warnings.flatMap((text) => ["warning", warningValue(text)])];
}

/** The answer with warnings. */
export function withWarnings(answer: Answer, warnings: readonly string[]): Answer {
  return { ...answer, headers: headersWith(answer.headers, warnings) };
}

/** RFC 7234 warn-code 299; header values are printable ASCII. */
function warningValue(warning: string): string {
  const printable = warning.replace(/[^\x20-\x7e]/g, "?").slice(0, 1_000);
  return `299 - "${printable.replace(/[\\"]/g, "\\$&")}"`;
}

/** An answer of JSON text that is already made. */
export function jsonText(
  status: number,
  text: string,
  headers: readonly string[] = JSON_HEADERS,
): WholeAnswer {
  return { status, headers, body: text };
}

/** An answer that is made of a value here and now; for what is small and not worth caching. */
export function json(status: number, value: unknown): WholeAnswer {
  return jsonText(status, JSON.stringify(value));
}

/** An answer of plain text. */
export function text(status: number, body: string): WholeAnswer {
  return { status, headers: headersFor("text/plain; charset=utf-8"), body };
}

/** The v1.Status of an error. Retry-After is set only where the error names a time. */
export function errorAnswer(error: ApiError): WholeAnswer {
  const seconds = error.details?.retryAfterSeconds;
  const headers = seconds === undefined ? JSON_HEADERS : [...JSON_HEADERS, "retry-after", String(seconds)];
  const challenge = error.reason === "Unauthorized" ? [...headers, "www-authenticate", "Bearer"] : headers;
  return jsonText(error.code, JSON.stringify(error.toStatus()), challenge);
}
