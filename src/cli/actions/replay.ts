import { formatDuration } from "../../lib/duration.ts";
import { isEvent } from "../../recording/line.ts";
import { Playback } from "../../recording/playback.ts";
import { RecordingFile } from "../../recording/recording-file.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { Exit, ExitCode, UsageError } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { printLog } from "../replay/log.ts";
import { printMoment } from "../replay/moment.ts";
import { Player } from "../replay/player.ts";
import { verify } from "../replay/verify.ts";

export const run: CommandRun = async (context, input) => {
  const { recording, at, verify: wantsVerify, fromInputs, plain } = input as unknown as ReplayInput;
  if (wantsVerify && at !== undefined) throw new UsageError("--verify compares all, --at shows one moment");
  if (fromInputs && !wantsVerify) throw new UsageError("--from-inputs says how to --verify");
  const file = new RecordingFile(recording);
  try {
    if (wantsVerify) await verify(context, file, fromInputs);
    else if (at !== undefined) await showMoment(context, file, at);
    else if (!plain && isScreen(context)) await play(context, file);
    else await printLog(context, file);
    if (!file.isComplete) throw cutOff(context, file);
  } finally {
    file.close();
  }
};

interface ReplayInput {
  readonly recording: string;
  readonly at?: number;
  readonly verify: boolean;
  readonly fromInputs: boolean;
  readonly plain: boolean;
}

/** A person at both ends, and a terminal that can be painted. */
function isScreen({ io, globals }: CommandContext): boolean {
  const isTerminal = io.stdin.isTTY === true && io.stdout.isTTY === true && io.env.TERM !== "dumb";
  return isTerminal && globals.output === "table";
}

async function showMoment(context: CommandContext, file: RecordingFile, at: number): Promise<void> {
  const playback = new Playback(file);
  playback.seek(at);
  if (at > file.durationMs) {
    const end = formatDuration(file.durationMs);
    context.io.note(`The recording ends at ${end}; that is the cluster as it was then`);
  }
  await printMoment(context, playback);
}

async function play(context: CommandContext, file: RecordingFile): Promise<void> {
  const notice = file.isComplete ? undefined : "The recording was cut off; it is played as far as it goes";
  const about = { title: titleOf(file), durationMs: file.durationMs, notice };
  const left = await new Player(context, new Playback(file), about).run();
  if (left === "interrupted") throw new Exit(interruptCode(context.signal));
}

function titleOf(file: RecordingFile): string {
  const { header } = file;
  if (header !== undefined)
    return `${file.name} · ${header.source} · ${header.strategy} · seed ${header.seed}`;
  for (const { line } of file.lines()) {
    if (isEvent(line) && line.type === "run-started")
      return `${file.name} · ${line.runId} · seed ${line.seed}`;
  }
  return file.name;
}

function cutOff({ io }: CommandContext, file: RecordingFile): Error {
  io.note(`${io.paint("yellow", "warning:", "stderr")} ${file.name} was cut off: its last line is missing`);
  io.note("  hint: It was still being written, or whoever wrote it was killed; what there is was read");
  return new Exit(ExitCode.failed);
}
