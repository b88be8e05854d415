import type { ShellRequest } from "../agents/shell-host.ts";

/** What the cluster's thread and the shells' thread tell each other. */

export interface StartSession extends ShellRequest {
  readonly type: "start";
  readonly session: number;
}

export type ToShells =
  | StartSession
  | { readonly type: "input"; readonly session: number; readonly bytes: Uint8Array }
  | { readonly type: "endInput"; readonly session: number }
  | {
      readonly type: "resize";
      readonly session: number;
      readonly columns: number;
      readonly rows: number;
    }
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
