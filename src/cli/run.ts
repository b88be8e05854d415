import { RealClock } from "../clock/real.ts";
import { ClusterTime } from "./cluster-time.ts";
import type { CommandContext } from "./command.ts";
import { Exit, ExitCode } from "./errors.ts";
import { showFailure } from "./failure.ts";
import { rootHelp } from "./help/layout.ts";
import { interruptCode } from "./interrupt.ts";
import { type ColorMode, createIo, type Io, type IoParts } from "./io.ts";
import { type Parsed, type ParseSetting, parseCommandLine } from "./program.ts";
import { COMMANDS } from "./registry.ts";
import type { Aim } from "./same-cluster.ts";
import { explainUsage } from "./usage.ts";

/** What a run of the program stands in. */
export interface RunSetting extends IoParts {
  readonly argv: readonly string[];
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Runs one command line from parsing to the exit code. Never throws. */
export async function runCommandLine(setting: RunSetting): Promise<number> {
  const { argv, env, signal } = setting;
  const io = createIo(setting, colorMode(argv), aimOf(argv));
  const style = {
    json: wantsJson(argv, env),
    verbose: argv.includes("--verbose") || Boolean(env.KUBESIM_DEBUG),
  };
  try {
    const parseSetting: ParseSetting = {
      commands: COMMANDS,
      version: setting.version,
      env,
      bold: (text) => io.paint("bold", text),
      width: io.width(),
    };
    await perform(parseCommandLine(argv, parseSetting), parseSetting, io, signal);
    return signal.aborted ? interruptCode(signal) : ExitCode.success;
  } catch (error) {
    if (error instanceof Exit) return error.exitCode;
    if (signal.aborted) return interruptCode(signal);
    return showFailure(io, explainUsage(error, argv, COMMANDS), style);
  }
}

async function perform(parsed: Parsed, setting: ParseSetting, io: Io, signal: AbortSignal): Promise<void> {
  if (parsed.kind === "text") {
    io.stdout.write(parsed.text);
    return;
  }
  const clock = new RealClock();
  const time = new ClusterTime(clock);
  const context: CommandContext = { io, clock, time, globals: parsed.globals, signal };
  if (parsed.kind === "run") {
    const { run } = await parsed.command.load();
    await run(context, parsed.input);
  } else if (io.canPrompt() && io.stdout.isTTY === true) {
    const { runMenu } = await import("./menu/menu.ts");
    await runMenu(context, setting);
  } else {
    io.stdout.write(rootHelp(setting));
  }
}

/** Looked for before the command line is understood, so that complaints about it are coloured as asked. */
function colorMode(argv: readonly string[]): ColorMode {
  if (argv.includes("--no-color")) return "never";
  const value = flagText(argv, ["--color"]);
  return value === "always" || value === "never" ? value : "auto";
}

/** As above, for the command lines that complaints recommend. */
function aimOf(argv: readonly string[]): Aim {
  return {
    cluster: flagText(argv, ["--cluster"]),
    server: flagText(argv, ["--server"]),
    context: flagText(argv, ["--context"]),
    namespace: flagText(argv, ["-n", "--namespace"]),
  };
}

/** As above: errors of the command line itself are JSON when JSON was asked for. */
function wantsJson(argv: readonly string[], env: RunSetting["env"]): boolean {
  const value = flagText(argv, ["-o", "--output"]) ?? env.KUBESIM_OUTPUT;
  return value === "json" || value === "jsonl" || value === "yaml";
}

/** The last value given wins, as in the parser. */
function flagText(argv: readonly string[], names: readonly string[]): string | undefined {
  let found: string | undefined;
  for (const [index, word] of argv.entries()) {
    for (const name of names) {
      if (word === name) found = argv[index + 1];
      else if (word.startsWith(`${name}=`)) found = word.slice(name.length + 1);
      else if (!name.startsWith("--") && word.startsWith(name)) found = word.slice(name.length);
    }
  }
  return found;
}
