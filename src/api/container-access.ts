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
  /** Fails unless the node's kubelet answers. */
  checkNode(nodeName: string): void;
  logs(pod: Pod, container: string, options: LogOptions): LogReader;
  /** Fails as exec, attach and connect would; before a connection is taken over, a refusal can still be an answer. */
  checkRunning(pod: Pod, container: string | undefined, service: "exec" | "attach" | "portForward"): void;
  exec(pod: Pod, container: string, request: ExecRequest, output: ProcessOutput): Promise<RemoteProcess>;
  /** Joins the container's own process: its log from now on, and its stdin. */
  attach(pod: Pod, container: string, request: AttachRequest, output: ProcessOutput): Promise<RemoteProcess>;
  /** Calls back once the pod is over or its machine has crashed, unless what is returned is called before. */
  onPodEnd(pod: Pod, callback: () => void): () => void;
  /** Opens a connection to a port of the pod. */
  connect(pod: Pod, port: number, peer: PortPeer): PortConnection;
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

export interface AttachRequest {
  readonly stdin: boolean;
  readonly tty: boolean;
}

export interface ExecRequest extends AttachRequest {
  readonly command: readonly string[];
}

/** Where a process writes to. */
export interface ProcessOutput {
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
}

/** A process in a container, seen from outside. */
export interface RemoteProcess {
  write(chunk: Uint8Array): void;
  /** The client's end of stdin is closed. */
  endInput(): void;
  /** The client's terminal has this size now. */
  resize(columns: number, rows: number): void;
  /** The client has gone: ends the process. */
  hangUp(): void;
  /** Never rejects. */
  readonly exit: Promise<ProcessExit>;
}

/** The code that a process ended with, or why nobody knows it. */
export type ProcessExit = { readonly code: number } | { readonly failure: string };

/** The client's end of a connection to a port. */
export interface PortPeer {
  receive(chunk: Uint8Array): void;
  /** The container has closed the connection. */
  closed(): void;
}

/** The container's end of a connection to a port. */
export interface PortConnection {
  send(chunk: Uint8Array): void;
  /** The client will send nothing more. */
  end(): void;
}
