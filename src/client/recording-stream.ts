import { RECORDING_PATH } from "../api/recording-path.ts";
import { unreachable } from "./errors.ts";
import { LineBuffer } from "./line-buffer.ts";
import { apiErrorOf } from "./status-answer.ts";
import type { Transport } from "./transport.ts";

/** Receives a recording while it is made. */
export interface RecordingStreamSink {
  line(text: string): void;
  /** It is over: the server ended it, or the connection is gone. Not called when the reader ends it. */
  ended(error: Error | undefined): void;
}

/** Asks a server to record its cluster, and hands over the lines. The returned function ends it. */
export function streamRecording(transport: Transport, sink: RecordingStreamSink): () => void {
  const lines = new LineBuffer();
  let status = 0;
  return transport.stream(RECORDING_PATH, {
    start(code) {
      status = code;
    },
    chunk(bytes) {
      if (status >= 400) lines.keep(bytes);
      else for (const text of lines.push(bytes)) sink.line(text);
    },
    end(error) {
      if (error !== undefined) sink.ended(unreachable(transport.url, error));
      else sink.ended(status >= 400 ? apiErrorOf(transport.url, status, lines.rest()) : undefined);
    },
  });
}
