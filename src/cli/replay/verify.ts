import { VERSION } from "../../cluster/version.ts";
import { counted } from "../../lib/counted.ts";
import type { RecordingFile } from "../../recording/recording-file.ts";
import type { PlacementDifference } from "../../simulate/live/placements.ts";
import { verifyDecisions } from "../../simulate/live/replay-decisions.ts";
import { verifyLive } from "../../simulate/live/replay-live.ts";
import { type Verification, verifyRun } from "../../simulate/verify-run.ts";
import type { CommandContext } from "../command.ts";
import { CommandError, Exit } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { printValue } from "../output/print.ts";

/** Does again what was recorded, and says whether the same came of it. Fails with CommandError when it did not. */
export async function verify(
  context: CommandContext,
  file: RecordingFile,
  fromInputs: boolean,
): Promise<void> {
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
  if (header.source === "live") {
    return fromInputs ? verifyLiveRun(context, file) : verifyLiveDecisions(context, file);
  }
  const verification = await verifyRun(file, context.signal);
  if (context.signal.aborted) throw new Exit(interruptCode(context.signal));
  await report(context, file, verification);
}

async function verifyLiveDecisions(context: CommandContext, file: RecordingFile): Promise<void> {
  const { io, signal } = context;
  const { passes, bindings, differences } = await verifyDecisions(file, signal);
  if (signal.aborted) throw new Exit(interruptCode(signal));
  const isSame = differences.length === 0;
  if (isStructured(context)) await printValue(context, { same: isSame, passes, bindings, differences });
  else if (isSame) {
    const inPasses = `in ${passes} scheduling ${passes === 1 ? "pass" : "passes"}`;
    io.result(`The same bindings came out again: ${bindings}, ${inPasses}`);
  } else printDifferences(context, differences);
  if (isSame) return;
  throw new CommandError(`${counted(differences.length, "pod")} went elsewhere than in ${file.name}`, {
    hint: "Was it changed, or recorded with a strategy that draws or tells the time by itself?",
    reason: "Deviated",
  });
}

async function verifyLiveRun(context: CommandContext, file: RecordingFile): Promise<void> {
  const { io, signal } = context;
  const verification = await verifyLive(file, signal);
  if (signal.aborted) throw new Exit(interruptCode(signal));
  const { inputs, bindings, differences, refused } = verification;
  const isSame = differences.length === 0 && refused.length === 0;
  if (isStructured(context)) await printValue(context, { same: isSame, ...verification });
  else {
    if (isSame) io.result(`The same bindings came out again: ${bindings}, from ${inputs} inputs`);
    printDifferences(context, differences);
    for (const { input, why } of refused) io.result(`${input}: was accepted, is refused now: ${why}`);
  }
  if (isSame) return;
  throw new CommandError(`${counted(differences.length, "pod")} went elsewhere than in ${file.name}`, {
    hint: "docs/simulate.md says what inputs alone cannot tell; without --from-inputs the replay is exact",
    reason: "Deviated",
  });
}

function isStructured({ globals }: CommandContext): boolean {
  return globals.output !== "table" && globals.output !== "wide";
}

function printDifferences({ io }: CommandContext, differences: readonly PlacementDifference[]): void {
  for (const { pod, recorded, now } of differences) {
    io.result(`${pod}: recorded ${recorded.join(", ") || "nowhere"}; now ${now.join(", ") || "nowhere"}`);
  }
}

async function report(
  context: CommandContext,
  file: RecordingFile,
  verification: Verification,
): Promise<void> {
  const { io } = context;
  const { equal, difference, isUntouched } = verification;
  const isSame = difference === undefined && isUntouched;
  if (isStructured(context)) await printValue(context, { same: isSame, ...verification });
  else if (isSame) io.result(`The same came out again: ${equal} events, byte for byte`);
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
