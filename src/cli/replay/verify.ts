import { VERSION } from "../../cluster/version.ts";
import type { RecordingFile } from "../../recording/recording-file.ts";
import { type Verification, verifyRun } from "../../simulate/verify-run.ts";
import type { CommandContext } from "../command.ts";
import { CommandError, Exit } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { printValue } from "../output/print.ts";

/** Does again what was recorded, and says whether the same came of it. Fails with CommandError when it did not. */
export async function verify(context: CommandContext, file: RecordingFile): Promise<void> {
  const { header } = file;
  if (header === undefined) {
    throw new CommandError(`${file.name} is the log of a chaos run, which does not say what cluster it was`, {
      hint: "Run kubesim chaos --virtual again with its options and seed; the printed sha256 is the log's",
      reason: "NotVerifiable",
    });
  }
  if (header.kubesim !== VERSION) {
    context.io.note(`note: recorded by kubesim ${header.kubesim}, this is ${VERSION}: they may differ`);
  }
  const verification = await verifyRun(file, context.signal);
  if (context.signal.aborted) throw new Exit(interruptCode(context.signal));
  await report(context, file, verification);
}

async function report(
  context: CommandContext,
  file: RecordingFile,
  verification: Verification,
): Promise<void> {
  const { io, globals } = context;
  const { equal, difference, isUntouched } = verification;
  const isSame = difference === undefined && isUntouched;
  if (globals.output !== "table" && globals.output !== "wide") {
    await printValue(context, { same: isSame, ...verification });
  } else if (isSame) io.result(`The same came out again: ${equal} events, byte for byte`);
  if (isSame) return;
  if (difference === undefined) {
    throw new CommandError(`${file.name} is not as it was recorded: its digest is another one`, {
      hint: "Its events are those of the run, but lines were added, taken or changed. Record it again",
      reason: "RecordingChanged",
    });
  }
  const { line, recorded = "(nothing)", now = "(nothing)" } = difference;
  const where = `after ${equal} equal events (${file.name}:${line})`;
  throw new CommandError(`The run went another way ${where}\n  recorded: ${recorded}\n  now:      ${now}`, {
    hint: isUntouched ? "Was it another version of kubesim?" : "The file was changed",
    reason: "Deviated",
  });
}
