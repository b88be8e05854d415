import type { ProcessOutput, RemoteProcess } from "../api/container-access.ts";

/** A file's content, text or bytes, by its path; a path that ends with `/` is an empty directory. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A container as its processes see it. */
export interface ShellContainer {
  /** One run of one container; its file system lives as long. */
  readonly id: string;
  readonly hostname: string;
  /** What `ps` shows as process 1. */
  readonly title: string;
  /** Absent when the shells' thread has them already. */
  readonly files?: Files;
  /** Directories that containers of a pod share, by path; the value names what is shared. */
  readonly shared: Readonly<Record<string, string>>;
}

/** A command or shell to run in a container. */
export interface ShellRequest {
  readonly container: ShellContainer;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly stdin: boolean;
  readonly tty: boolean;
}

/**
 * Who runs emulated shells for an agent. It needs a thread of the machine, which an agent knows nothing of, so it is
 * handed in from outside; files are in memory and gone with the run of the container.
 */
export interface ShellHost {
  /** True when the container's files are there, so that they need not be made. */
  knows(container: string): boolean;
  /** Starts a shell or command; `kill` ends the container with a code. Fails with TooManyRequests. */
  start(request: ShellRequest, output: ProcessOutput, kill: (code: number) => void): RemoteProcess;
  /** The container has ended, and with it what ran in it. */
  forget(container: string): void;
  stop(): void;
}
