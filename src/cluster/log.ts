import type { Clock } from "../clock/clock.ts";

/** The server's log: one JSON object a line, for people with `grep` and programs with `jq`. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, error: unknown): void;
}

/** A log that writes to a stream, usually stderr. */
export function createLog(clock: Clock, stream: { write(text: string): unknown }): Log {
  const write = (level: string, message: string, fields: Readonly<Record<string, unknown>>) => {
    const time = new Date(clock.now()).toISOString();
    stream.write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
  };
  return {
    info: (message, fields = {}) => write("info", message, fields),
    error: (message, error) =>
      write("error", message, { error: error instanceof Error ? error.stack : String(error) }),
  };
}

/** For clusters inside other programs: says nothing. */
export const SILENT_LOG: Log = { info: () => undefined, error: () => undefined };
