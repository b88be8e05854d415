import type { CommandContext, CommandRun, CompletionSource } from "../command.ts";
import { type Candidate, completionsFor, rejoined } from "../completion/candidates.ts";
import { COMMANDS } from "../registry.ts";

/** Names that the server does not tell within this time are left out: a completion must never be felt. */
const SERVER_LIMIT_MS = 300;

export const run: CommandRun = async (context, input) => {
  const words = rejoined((input.words ?? []) as readonly string[]);
  const { candidates, source } = completionsFor(COMMANDS, words);
  const named = source === undefined || source === "files" ? [] : await quickly(context, source);
  const current = words.at(-1) ?? "";
  const prefix = current.startsWith("--") && current.includes("=") ? `${current.split("=")[0]}=` : "";
  const all = [...candidates, ...named.map((one) => ({ ...one, value: prefix + one.value }))];
  for (const { value, note } of all) {
    if (value.startsWith(current)) context.io.result(note === undefined ? value : `${value}\t${note}`);
  }
  if (source === "files" || (source === "strategies" && /[./]/.test(current))) context.io.result(":files");
};

/** The source's values, or none when there is no server, an error, or too little time. */
async function quickly(context: CommandContext, source: CompletionSource): Promise<readonly Candidate[]> {
  const late = context.clock.sleep(SERVER_LIMIT_MS).then(() => []);
  const asked = import("../completion/sources.ts")
    .then(({ namesFor }) => namesFor(source, context, { mayLaunch: false }))
    .then((known) => known.map(({ name, note }) => ({ value: name, ...(note !== undefined && { note }) })))
    .catch(() => []);
  return Promise.race([asked, late]);
}
