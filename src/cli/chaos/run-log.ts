import { createWriteStream, type WriteStream } from "node:fs";
import type { ChaosEvent } from "../../chaos/events.ts";
import type { CommandContext } from "../command.ts";
import { runFile } from "./saved-runs.ts";

/** Keeps a run's events as `RUN.jsonl`, for `kubesim chaos report`. A log that cannot be written stops nothing. */
export class RunLog {
  readonly #context: CommandContext;
  #stream: Promise<WriteStream | undefined> | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  take(event: ChaosEvent): void {
    if (event.type === "run-started") this.#stream = this.#open(event.runId);
    void this.#stream?.then((stream) => stream?.write(`${JSON.stringify(event)}\n`));
  }

  async close(): Promise<void> {
    const stream = await this.#stream;
    if (stream === undefined || stream.destroyed) return;
    await new Promise<void>((resolve) => stream.end(resolve));
  }

  async #open(runId: string): Promise<WriteStream | undefined> {
    const { io } = this.#context;
    try {
      const stream = createWriteStream(await runFile(io.env, runId), { mode: 0o600 });
      stream.on("error", (error) => {
        io.note(`warning: the run's log cannot be written: ${error.message}`);
        stream.destroy();
      });
      return stream;
    } catch (error) {
      io.note(`warning: the run's log cannot be written: ${(error as Error).message}`);
      return undefined;
    }
  }
}
