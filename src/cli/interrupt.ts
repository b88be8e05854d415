import { ExitCode } from "./errors.ts";

/** Why the program's one AbortSignal was aborted. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signalName: "SIGINT" | "SIGTERM" | "SIGHUP") {
    super(`interrupted by ${signalName}`);
    this.name = "Interrupted";
    this.exitCode = signalName === "SIGINT" ? ExitCode.interrupted : ExitCode.terminated;
  }
}

/** The exit code of an aborted run. */
export function interruptCode(signal: AbortSignal): number {
  return signal.reason instanceof Interrupted ? signal.reason.exitCode : ExitCode.interrupted;
}

/** The part of `process` that signals arrive at. */
interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
}

/**
 * The first Ctrl-C aborts the signal, so that everything cleans up after itself; `force` is called on the second.
 */
export function interruptSignal(source: SignalSource, force: (exitCode: number) => void): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    source.on(name, () => {
      const reason = new Interrupted(name);
      if (controller.signal.aborted) force(reason.exitCode);
      else controller.abort(reason);
    });
  }
  return controller.signal;
}
