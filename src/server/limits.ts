/** Slow headers, slow bodies and idle connections must not hold the server. */
export const HEADERS_TIMEOUT_MS = 5_000;
export const REQUEST_TIMEOUT_MS = 30_000;
export const KEEP_ALIVE_MS = 5 * 60_000;
export const CONNECTIONS_CHECK_MS = 1_000;
/** Names and values of one request together. */
export const HEADER_LIMIT_BYTES = 16_384;
