import { CommanderError } from "commander";
import { UsageError } from "./errors.ts";

/** Puts commander's complaints about a command line into our words, with a hint. Other errors come back unchanged. */
export function explainUsage(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = /Did you mean (?:one of )?(.+)\?/.exec(rest.join(" "))?.[1];
  const words = argv.filter((word) => !word.startsWith("-")).slice(0, 2);
  const help = `See: kubesim ${error.code === "commander.unknownCommand" ? "" : `${words.join(" ")} `}--help`;
  const hint = suggestion === undefined ? help : `Did you mean ${suggestion}? ${help}`;
  return new UsageError(sentence(first), hint.replaceAll("  ", " "));
}

/** commander quotes with '…', we with "…". */
function sentence(text: string): string {
  return text.replaceAll(/'([^']*)'/g, '"$1"').replace(/\.$/, "");
}
