import type { Pod } from "./kinds/pod.ts";

/**
 * What an API server asks of the kubelet of a pod's node on behalf of a client: to read what containers say, to run
 * something in them, to talk to their ports. A node agent implements it; the server hands the pod over as the API
 * shows it and has chosen the container.
 *
 * Every call fails with an ApiError: ServiceUnavailable when the node's kubelet cannot be reached, BadRequest or
 * NotFound, in a kubelet's words, when there is no such container or it does not run.
 */
export interface ContainerAccess {
  /** True for a node whose kubelet this is. */
  serves(nodeName: string): boolean;
  logs(pod: Pod, container: string, options: LogOptions): LogReader;
}

export interface LogOptions {
  /** The run of the container before the last start. */
  readonly previous: boolean;
  /** Waits for further lines until the container ends. */
  readonly follow: boolean;
  /** Only so many lines from the end; whole log when absent. */
  readonly tailLines?: number;
  /** Only lines from this moment on, in ms since the epoch. */
  readonly sinceMs?: number;
  /** Starts every line with its RFC 3339 time. */
  readonly timestamps: boolean;
  /** Ends after so many bytes. */
  readonly limitBytes?: number;
}

/** Reads a log piece by piece, so that a slow reader holds up nothing but itself. */
export interface LogReader {
  /** The next piece; waits for it when the log is followed. Undefined: the log has ended, or `close` was called. */
  next(): Promise<string | undefined>;
  close(): void;
}
