import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { tryModule } from "../../cluster/custom-strategy.ts";
import { whyUnreadable } from "../../lib/file-problem.ts";
import { importModule } from "../../lib/import-module.ts";
import { CommandError, ExitCode } from "../errors.ts";

/** A strategy's name and what it does. */
export interface StrategySummary {
  readonly name: string;
  readonly summary: string;
}

/** What every cluster knows. */
export async function builtInStrategies(): Promise<readonly StrategySummary[]> {
  const { STRATEGIES } = await import("../../scheduler/strategies/registry.ts");
  return STRATEGIES.map(({ name, summary }) => ({ name, summary }));
}

/** Reads a user's strategy file and checks that it is one by importing it here; nothing is sent when it is not. */
export async function readStrategyFile(file: string): Promise<{ name: string; source: string }> {
  const source = await readSource(file);
  const strategy = await importStrategy(file);
  if (strategy === undefined) throw notAStrategy(file, "it has no default export");
  const { name, score } = (strategy ?? {}) as { name?: unknown; score?: unknown };
  if (typeof name !== "string" || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    throw notAStrategy(file, "its default export has no name of lower-case letters, digits and -");
  }
  if (typeof score !== "function") throw notAStrategy(file, "its default export has no score function");
  if ((await builtInStrategies()).some((known) => known.name === name)) {
    throw notAStrategy(file, `"${name}" is the name of a strategy that kubesim has itself`);
  }
  return { name, source };
}

async function readSource(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CommandError(`Couldn't read ${file}: ${whyUnreadable(error)}`, {
      hint: "Give the name of a strategy, or an ES module: kubesim strategy list",
      exitCode: ExitCode.usage,
      reason: "FileUnreadable",
    });
  }
}

async function importStrategy(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href;
  try {
    await tryModule(url);
    return (await importModule(url)).default;
  } catch (error) {
    const line = error instanceof SyntaxError ? await faultyLine(file) : undefined;
    const why = (error as Error).message.split("\n")[0] ?? "";
    throw notAStrategy(line === undefined ? file : `${file}:${line}`, why);
  }
}

/** The line of a syntax error, which only Node's own check tells; undefined when the file itself has none. */
async function faultyLine(file: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(process.execPath, ["--check", file]);
    return undefined;
  } catch (error) {
    return /:(\d+)$/m.exec((error as { readonly stderr?: string }).stderr ?? "")?.[1];
  }
}

function notAStrategy(file: string, why: string): CommandError {
  return new CommandError(`${file} is no strategy: ${why}`, {
    hint: 'It looks like: export default { name: "mine", score: (pod, node) => -node.podCount }',
    exitCode: ExitCode.usage,
    reason: "InvalidStrategy",
  });
}
