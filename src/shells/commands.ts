import { type CustomCommand, defineCommand, type IFileSystem } from "just-bash/browser";
import type { SessionPort } from "./interpreter.ts";
import type { StartSession } from "./messages.ts";
import { tarCommand } from "./tar-command.ts";

const KERNEL = "6.1.0-kubesim";

/** Of the terminal that a shell runs at. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Commands that just-bash does not have, or that must know of the container and the cluster. */
export function shellCommands(
  start: StartSession,
  files: IFileSystem,
  port: SessionPort,
  size: TerminalSize,
): CustomCommand[] {
  const { hostname, title } = start.container;
  const say = (stdout: string) => ({ stdout, stderr: "", exitCode: 0 });
  const fail = (stderr: string, exitCode = 1) => ({ stdout: "", stderr: `${stderr}\n`, exitCode });
  return [
    defineCommand("hostname", async () => say(`${hostname}\n`)),
    defineCommand("whoami", async () => say("root\n")),
    defineCommand("id", async (args) =>
      say(args.includes("-u") || args.includes("-g") ? "0\n" : `${ROOT}\n`),
    ),
    defineCommand("uname", async (args) => {
      if (args.some((arg) => /a/.test(arg))) return say(`Linux ${hostname} ${KERNEL} x86_64 Linux\n`);
      const parts = { s: "Linux", n: hostname, r: KERNEL, m: "x86_64" };
      const asked = Object.entries(parts).filter(([flag]) => args.join("").includes(flag));
      return say(`${asked.length === 0 ? "Linux" : asked.map(([, text]) => text).join(" ")}\n`);
    }),
    defineCommand("stty", async ([what]) => {
      if (!start.tty) return fail("stty: standard input: Not a tty");
      return say(what === "size" ? `${size.rows} ${size.columns}\n` : "");
    }),
    defineCommand("tput", async ([what]) => {
      const known: Readonly<Record<string, number>> = { cols: size.columns, lines: size.rows };
      return say(what !== undefined && Object.hasOwn(known, what) ? `${known[what]}\n` : "");
    }),
    defineCommand("ps", async () => {
      const own = start.command.join(" ");
      return say(
        `PID   USER     TIME  COMMAND\n    1 root      0:00 ${title}\n    7 root      0:00 ${own}\n`,
      );
    }),
    defineCommand("date", async (args, context) => {
      const now = await port.ask("now", 0);
      const isOfAnother = args.some((arg) => /^(-d|-r|--date|--reference)/.test(arg));
      const at = isOfAnother ? [] : ["-d", new Date(now).toISOString()];
      return (await context.origCommand?.([...at, ...args])) ?? fail("date: not available");
    }),
    defineCommand("kill", async (args) => {
      const pids = args.filter((arg) => /^\d+$/.test(arg));
      if (pids.length === 0) return fail("kill: usage: kill [-s sigspec | -signum] pid", 2);
      const unknown = pids.find((pid) => pid !== "1");
      if (unknown !== undefined) return fail(`sh: can't kill pid ${unknown}: No such process`);
      const isHard = args.some((arg) => arg === "-9" || /KILL$/i.test(arg));
      await port.ask("kill", isHard ? 137 : 143);
      return say("");
    }),
    tarCommand(files),
  ];
}

const ROOT = "uid=0(root) gid=0(root) groups=0(root)";
