/**
 * Everything an API call can fail with: one table of Kubernetes' reasons.
 *
 * Lower rooms throw `ApiError`; `server` writes it as a v1.Status, `client` makes it from one, `cli` turns it into
 * message, hint and exit code. Nobody else knows HTTP.
 */
export const REASON_CODE = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  Conflict: 409,
  AlreadyExists: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
  InsufficientStorage: 507,
} as const;

export type Reason = keyof typeof REASON_CODE;

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** metav1.Status: how the API says that something failed, or that a deletion is done. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: { readonly continue?: string };
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: Reason;
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** A call that failed for one of Kubernetes' reasons; `message` is the sentence for people. */
export class ApiError extends Error {
  readonly reason: Reason;
  readonly details: StatusDetails | undefined;

  constructor(reason: Reason, message: string, details?: StatusDetails) {
    // An answer, and a frequent one. Where it came from is told for what should not happen; walking the stack for the
    // others would cost ten times as much as the rest of it.
    const { stackTraceLimit } = Error;
    if (reason !== "InternalError") Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "ApiError";
    this.reason = reason;
    this.details = details;
  }

  get code(): number {
    return REASON_CODE[this.reason];
  }

  toStatus(): Status {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

/** Whether the error is an ApiError with that reason. */
export function isReason(error: unknown, reason: Reason): boolean {
  return error instanceof ApiError && error.reason === reason;
}

interface NamedKind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** `pods`, `deployments.apps`: how Kubernetes' messages name a resource. */
export function qualifiedResource(kind: Pick<NamedKind, "group" | "plural">): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

function detailsOf(kind: NamedKind, name: string): StatusDetails {
  return { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural };
}

/** 404: there is no object of that name. */
export function notFound(kind: NamedKind, name: string): ApiError {
  return new ApiError("NotFound", `${qualifiedResource(kind)} "${name}" not found`, detailsOf(kind, name));
}

/** 409: the name is taken. */
export function alreadyExists(kind: NamedKind, name: string): ApiError {
  return new ApiError(
    "AlreadyExists",
    `${qualifiedResource(kind)} "${name}" already exists`,
    detailsOf(kind, name),
  );
}

/** 409: the object was changed since the caller read it. */
export function conflict(kind: NamedKind, name: string): ApiError {
  const message =
    `Operation cannot be fulfilled on ${qualifiedResource(kind)} "${name}": the object has been modified; ` +
    "please apply your changes to the latest version and try again";
  return new ApiError("Conflict", message, detailsOf(kind, name));
}

/** 403: the object itself is why, not who asks. */
export function forbiddenObject(kind: NamedKind, name: string, why: string): ApiError {
  const message = `${qualifiedResource(kind)} "${name}" is forbidden: ${why}`;
  return new ApiError("Forbidden", message, detailsOf(kind, name));
}

/** 400 with a sentence of one's own. */
export function badRequest(message: string): ApiError {
  return new ApiError("BadRequest", message);
}

/** 410: a watch or a page from a version that is no longer kept. */
export function expired(askedRevision: number, oldestRevision: number): ApiError {
  return new ApiError("Expired", `too old resource version: ${askedRevision} (${oldestRevision})`);
}

/** One fault of a field, in the words of k8s.io/apimachinery/pkg/util/validation/field. */
export interface FieldError {
  readonly type:
    | "Required"
    | "Invalid"
    | "NotSupported"
    | "Forbidden"
    | "Duplicate"
    | "TooLong"
    | "TooMany"
    | "TypeInvalid"
    | "NotFound";
  /** Path such as `spec.containers[0].name`. */
  readonly field: string;
  /** What stands behind the field's name, e.g. `Required value: must not be empty`. */
  readonly message: string;
}

/** 422 with Kubernetes' sentence, which says nothing twice: `Pod "x" is invalid: spec.containers: Required value`. */
export function invalid(kind: NamedKind, name: string, errors: readonly FieldError[]): ApiError {
  const qualified = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return new ApiError("Invalid", `${qualified} "${name}" is invalid: ${list}`, {
    name,
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.kind,
    causes: errors.map(({ type, field, message }) => ({ reason: `FieldValue${type}`, message, field })),
  });
}
