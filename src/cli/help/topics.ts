import { GLOBAL_OPTIONS } from "../globals.ts";
import { flagText, optionText } from "./option-text.ts";
import { twoColumns, wrap } from "./two-columns.ts";

/** `kubesim help <topic>`: what is not about one command. */
export const TOPICS: Readonly<Record<string, { readonly summary: string; text(width: number): string }>> = {
  options: { summary: "Options that every command understands", text: optionsText },
  environment: { summary: "Environment variables, and what wins over what", text: environmentText },
  "exit-codes": { summary: "What the exit code says", text: exitCodesText },
  output: { summary: "Formats, streams and colour", text: outputText },
};

function optionsText(width: number): string {
  const rows = GLOBAL_OPTIONS.map((option) => [flagText(option), optionText(option)] as const);
  return `These work before and behind every command:\n\n${twoColumns(rows, width)}\n`;
}

function environmentText(width: number): string {
  const variables = [
    ["KUBESIM_CLUSTER", "Cluster of this machine to use (--cluster)"],
    ["KUBESIM_SERVER", "Server to use instead of this machine's (--server)"],
    ["KUBESIM_CONTEXT", "Context of the kubeconfig to use instead (--context)"],
    ["KUBESIM_NAMESPACE", "Namespace of pods and events (--namespace)"],
    ["KUBESIM_OUTPUT", "How to print (--output)"],
    ["KUBESIM_DEBUG", "Show the stack of unexpected errors (--verbose)"],
    ["KUBECONFIG", "The kubeconfig that --context reads"],
    ["XDG_STATE_HOME", "Clusters live in its folder kubesim (default: ~/.local/state)"],
    ["XDG_CACHE_HOME", "Compiled code is kept in its folder kubesim (default: ~/.cache)"],
    ["NODE_DISABLE_COMPILE_CACHE", "Set: no compiled code is kept"],
    ["NO_COLOR", "Not empty: no colour"],
    ["FORCE_COLOR, CLICOLOR_FORCE", "Colour also into files and pipes"],
    ["TERM=dumb", "No colour, no cursor movement, no questions"],
    ["CI", "Not empty: nothing is asked"],
  ] as const;
  return `A flag wins over its variable, the variable over the default.\n\n${twoColumns(variables, width)}\n`;
}

function exitCodesText(width: number): string {
  const codes = [
    ["0", "Success; also when there was nothing to do, and for empty lists"],
    ["1", "It failed: not found, already there, refused; chaos: a steady-state condition did not hold"],
    ["2", "The command line is wrong: unknown command or flag, bad value, something missing"],
    ["3", "The server cannot be reached"],
    ["4", "An invariant of kubesim was violated: a defect; seed and replay line are printed"],
    ["5", "Chaos was ended by an abort condition"],
    ["124", "--timeout ran out"],
    ["130, 143", "Ended by Ctrl-C, by SIGTERM; after cleaning up"],
  ] as const;
  return `${twoColumns(codes, width)}\n`;
}

function outputText(width: number): string {
  const formats = [
    ["table", "For people: NAME first, AGE last"],
    ["wide", "The table with more columns"],
    [
      "json",
      "The object, or a List of objects, as Kubernetes has them; with --watch one JSON line per change",
    ],
    ["yaml", "The same as YAML"],
    ["name", "One line per object: pod/web"],
    ["jsonl", "One JSON object per line"],
  ] as const;
  return [
    `-o, --output takes:\n\n${twoColumns(formats, width)}\n`,
    paragraph(
      "Results go to stdout; messages, progress, warnings and questions to stderr. With json, jsonl and yaml an " +
        'error is a JSON object on stderr: {"error":{"reason","message","hint","next"}}. Nothing is asked unless ' +
        "a person sits at the terminal; every question has a flag.",
      width,
    ),
    paragraph(
      "Colour is used on terminals only. --color and NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb change that, " +
        "in this order; nothing is said by colour alone.",
      width,
    ),
  ].join("\n");
}

function paragraph(text: string, width: number): string {
  return `${wrap(text, Math.min(width, 100)).join("\n")}\n`;
}
