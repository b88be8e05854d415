import type { ProcessExit, RemoteProcess } from "../../api/container-access.ts";
import { ApiError } from "../../api/errors.ts";
import type { ProcessTunnel } from "./tunnel.ts";

/** Where a process's streams go, whatever protocol carries them. */
export interface ProcessPeer {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
  /** The v1.Status of the end; nothing follows. */
  finish(status: object): void;
}

/** What becomes of a process whose server ends before it does: nobody knows. */
export const SERVER_STOPPED = {
  metadata: {},
  status: "Failure",
  message: "the server is stopping",
  reason: "ServiceUnavailable",
  code: 503,
} as const;

/** Connects a process to a client; what the client sends before the process is there is kept for it. */
export class ProcessPipe {
  readonly #tunnel: ProcessTunnel;
  #process: RemoteProcess | undefined;
  #early: Uint8Array[] = [];
  #isInputEnded = false;
  #size: readonly [columns: number, rows: number] | undefined;
  #isGone = false;

  constructor(tunnel: ProcessTunnel, peer: ProcessPeer) {
    this.#tunnel = tunnel;
    this.#run(peer).catch((error: unknown) => peer.finish(failure(error)));
  }

  input(bytes: Uint8Array): void {
    if (!this.#tunnel.stdin) return;
    if (this.#process === undefined) this.#early.push(bytes);
    else this.#process.write(bytes);
  }

  endInput(): void {
    this.#isInputEnded = true;
    this.#process?.endInput();
  }

  /** `{"Width":80,"Height":24}` of the client's terminal, as JSON; anything else is passed over. */
  resize(text: string): void {
    const size = readSize(text);
    if (size === undefined) return;
    this.#size = size;
    this.#process?.resize(...size);
  }

  /** The client has gone. */
  hangUp(): void {
    this.#isGone = true;
    this.#process?.hangUp();
  }

  async #run(peer: ProcessPeer): Promise<void> {
    const { stdout, stderr, tty } = this.#tunnel;
    const process = await this.#tunnel.open({
      stdout: (bytes) => stdout && peer.stdout(bytes),
      // At a terminal there is but one stream.
      stderr: (bytes) => (tty ? stdout && peer.stdout(bytes) : stderr && peer.stderr(bytes)),
    });
    this.#process = process;
    if (this.#size !== undefined) process.resize(...this.#size);
    for (const bytes of this.#early.splice(0)) process.write(bytes);
    if (this.#isInputEnded) process.endInput();
    if (this.#isGone) process.hangUp();
    peer.finish(statusOf(await process.exit));
  }
}

function readSize(text: string): readonly [columns: number, rows: number] | undefined {
  try {
    const { Width, Height } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    return isLength(Width) && isLength(Height) ? [Width, Height] : undefined;
  } catch {
    return undefined;
  }
}

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}

/** How kubelets tell an exit code. */
function statusOf(exit: ProcessExit): object {
  if ("failure" in exit) {
    return { metadata: {}, status: "Failure", message: exit.failure, reason: "InternalError", code: 500 };
  }
  if (exit.code === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${exit.code}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exit.code) }] },
  };
}

function failure(error: unknown): object {
  if (error instanceof ApiError) return error.toStatus();
  return { metadata: {}, status: "Failure", message: String(error), reason: "InternalError", code: 500 };
}
