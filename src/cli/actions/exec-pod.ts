import { keyOf } from "../../api/meta.ts";
import { chooseContainer } from "../choose-container.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withContainers } from "../connection.ts";
import { ProcessExit } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { TerminalInput } from "../terminal-input.ts";
import { requirePod } from "./require-nodes.ts";

interface Input {
  readonly name: string;
  readonly command?: readonly string[];
  readonly container?: string;
  readonly stdin: boolean;
  readonly tty: boolean;
}

export const run: CommandRun = async (context, values) => {
  const input = readInput(values);
  const code = await withContainers(context, async (containers, objects) => {
    const { globals, io, signal } = context;
    const pod = await requirePod(objects, input.name, globals.namespace);
    const container = chooseContainer(pod, input.container, (line) => io.note(line));
    const { tty, hasInput } = streamsOf(context, input);
    const terminal = hasInput ? new TerminalInput(io, tty) : undefined;
    const request = {
      container,
      command: input.command ?? ["sh"],
      tty,
      ...(terminal && { input: terminal }),
      stdout: (bytes: Uint8Array) => void io.stdout.write(bytes),
      stderr: (bytes: Uint8Array) => void io.stderr.write(bytes),
    };
    try {
      return await containers.exec(keyOf(pod), request, signal);
    } catch (error) {
      if (signal.aborted) return interruptCode(signal);
      throw error;
    } finally {
      terminal?.close();
    }
  });
  if (code !== 0) throw new ProcessExit(code);
};

/** No words behind the name are no command. */
function readInput(values: Readonly<Record<string, unknown>>): Input {
  const { command, ...input } = values as unknown as Input;
  return command === undefined || command.length === 0 ? input : { ...input, command };
}

/** A shell of one's own is at the terminal, if there is one; a command gets what is asked for. */
function streamsOf({ io }: CommandContext, { command, stdin, tty }: Input) {
  const isTerminal = io.stdin.isTTY === true && io.stdout.isTTY === true;
  const wantsTty = command === undefined ? isTerminal || tty : tty;
  const hasInput = stdin || command === undefined;
  if (wantsTty && hasInput && io.stdin.isTTY !== true) {
    io.note("There is no terminal to give to the command: stdin is none");
    return { tty: false, hasInput };
  }
  return { tty: wantsTty, hasInput };
}
