/** A request that the API server refused. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status. */
  readonly code: number;
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, ... */
  readonly reason: string;
  /** The whole Status object. */
  readonly body: unknown;

  constructor(code: number, body: unknown) {
    const status = (body ?? {}) as { readonly message?: string; readonly reason?: string };
    super(status.message ?? `the API server answered ${code}`);
    this.code = code;
    this.reason = status.reason ?? "Unknown";
    this.body = body;
  }
}
