/** What the handler needs to know of a request, whatever carried it (a socket, a fetch call in memory). */
export interface ApiRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** Value of a header by its lower-case name. */
  header(name: string): string | undefined;
  /** Names, in lower case, and values of the headers whose names begin so (lower case). */
  headersFrom(prefix: string): readonly (readonly [name: string, value: string])[];
  /** The whole body. Fails with RequestEntityTooLarge, without reading on, when it is longer than the limit. */
  readBody(limitBytes: number): Promise<Buffer>;
}

/** Bodies longer than this are refused with 413, as kube-apiserver does. */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;
