import type { LogReader, ProcessExit, ProcessOutput, RemoteProcess } from "../../../api/container-access.ts";

/** Joins a container whose process reads nothing: its log from now on is all there is to see. */
export function attachToLog(reader: LogReader, output: ProcessOutput): RemoteProcess {
  const follow = async (): Promise<ProcessExit> => {
    for (;;) {
      const piece = await reader.next();
      if (piece === undefined) return { code: 0 };
      output.stdout(Buffer.from(piece));
    }
  };
  return {
    exit: follow(),
    write: () => {},
    endInput: () => {},
    resize: () => {},
    hangUp: () => reader.close(),
  };
}
