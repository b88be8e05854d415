import { VERSION } from "../cluster/version.ts";
import { whyUnwritable } from "../lib/file-problem.ts";
import { interruptSignal } from "./interrupt.ts";
import { runCommandLine } from "./run.ts";

/** This process is one run of the program: argv in, exit code out. */
export async function runProcess(): Promise<void> {
  const { argv, env, stdout, stderr } = process;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `kubesim pods list | head`: who reads no more has seen enough.
    if (error.code === "EPIPE") process.exit(0);
    stderr.write(`error: Couldn't write the result: ${whyUnwritable(error)}\n`);
    process.exit(1);
  });
  stderr.on("error", () => {});
  const signal = interruptSignal(process, (exitCode) => process.exit(exitCode));
  const exitCode = await runCommandLine({
    argv: argv.slice(2),
    version: VERSION,
    env,
    // Opened by who reads it.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    signal,
  });
  process.exitCode = exitCode;
  // Waits until pipes have taken everything, or files refused it, then leaves idle sockets behind.
  stdout.write("", () => stderr.write("", () => setImmediate(() => process.exit(exitCode))));
}
