import { isReason } from "../../api/errors.ts";
import { EventHash } from "../../recording/event-hash.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { CommandError, Exit } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { RecordingSink } from "../replay/recording-sink.ts";

/** Every line of a recording that is no event begins like this. */
const OWN_LINE = '{"recording"';

export const run: CommandRun = async (context, input) => {
  const { file, duration } = input as { file: string; duration?: number };
  const { connect } = await import("../../client/launch.ts");
  const connection = await connect(context);
  const sink = new RecordingSink(file);
  const { io, signal } = context;
  const writer = new LineWriter(sink);
  try {
    await follow(context, connection, writer, duration);
  } catch (error) {
    throw isReason(error, "NotFound") ? tooOld() : error;
  } finally {
    if (writer.hasBegun) {
      writer.end();
      io.note(`Recorded ${writer.events} events in ${file}; look at them with: kubesim replay ${file}`);
    }
    sink.close();
    await connection.close();
  }
  if (signal.aborted) throw new Exit(interruptCode(signal));
};

/** Resolves when the duration is over, at Ctrl-C, and when the server stops. */
function follow(
  { io, clock, signal }: CommandContext,
  connection: { record(sink: { line(text: string): void; ended(error?: Error): void }): () => void },
  writer: LineWriter,
  duration: number | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (finish: () => void) => {
      timer?.cancel();
      signal.removeEventListener("abort", interrupted);
      stop();
      finish();
    };
    const interrupted = () => leave(resolve);
    const stop = connection.record({
      line(text) {
        try {
          if (!writer.hasBegun)
            io.note(`Recording; ${duration === undefined ? "Ctrl-C ends it" : "please wait"}`);
          writer.line(text);
        } catch (error) {
          leave(() => reject(error));
        }
      },
      ended(error) {
        if (error === undefined) io.note("The server has stopped, and the recording with it");
        leave(error === undefined ? resolve : () => reject(error));
      },
    });
    const timer = duration === undefined ? undefined : clock.after(duration, () => leave(resolve));
    signal.addEventListener("abort", interrupted, { once: true });
    if (signal.aborted) interrupted();
  });
}

/** Writes the lines of a server, and the last one, which says what they were. */
class LineWriter {
  readonly #sink: RecordingSink;
  readonly #hash = new EventHash();
  #last = "";
  hasBegun = false;

  constructor(sink: RecordingSink) {
    this.#sink = sink;
  }

  get events(): number {
    return this.#hash.count;
  }

  line(text: string): void {
    if (text === "") return;
    this.hasBegun = true;
    this.#sink.write(`${text}\n`);
    if (text.startsWith(OWN_LINE)) return;
    this.#hash.addLine(text);
    this.#last = text;
  }

  end(): void {
    const t = this.#last === "" ? 0 : (JSON.parse(this.#last) as { t: number }).t;
    const end = { recording: "end", t, events: this.#hash.count, sha256: this.#hash.digest() };
    this.#sink.write(`${JSON.stringify(end)}\n`);
  }
}

function tooOld(): CommandError {
  return new CommandError("That server cannot be recorded", {
    hint: "Only kubesim's own can, from this version on: kubesim server status",
    reason: "NotRecordable",
  });
}
