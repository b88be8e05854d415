/** What the cluster's thread and the shells' thread tell each other. */

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

export interface StartSession {
  readonly type: "start";
  readonly session: number;
  readonly container: ShellContainer;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly stdin: boolean;
  readonly tty: boolean;
}

export type ToShells =
  | StartSession
  | { readonly type: "input"; readonly session: number; readonly bytes: Uint8Array }
  | { readonly type: "endInput"; readonly session: number }
  | { readonly type: "hangUp"; readonly session: number }
  | { readonly type: "answer"; readonly call: number; readonly value: number }
  /** The container has ended: its files go. */
  | { readonly type: "forget"; readonly container: string }
  | { readonly type: "ping" };

/** What a shell asks of the cluster: its time in ms, to sleep by its clock, to end the container with a code. */
export type ShellCall = "now" | "sleep" | "kill";

export type FromShells =
  | { readonly type: "output"; readonly session: number; readonly fd: 1 | 2; readonly bytes: Uint8Array }
  | { readonly type: "exit"; readonly session: number; readonly code: number }
  | {
      readonly type: "call";
      readonly call: number;
      readonly session: number;
      readonly what: ShellCall;
      readonly value: number;
    }
  | { readonly type: "pong" };
