import type { CommandOption } from "./command.ts";
import { FORMATS, type OutputFormat } from "./output/format.ts";
import { objectNameText } from "./values.ts";

/** Options that every command understands, after flag, environment and default have been weighed. */
export interface GlobalOptions {
  /** Which of the clusters on this machine. */
  readonly cluster: string;
  /** Address of a server to use instead of this machine's. */
  readonly server: string | undefined;
  /** Context of the kubeconfig to use instead. */
  readonly context: string | undefined;
  readonly namespace: string;
  readonly output: OutputFormat;
  /** False with --no-headers. */
  readonly headers: boolean;
  /** Confirmations are taken as given. */
  readonly yes: boolean;
  readonly verbose: boolean;
}

/** The flags behind GlobalOptions; the key is the camel-cased name. */
export const GLOBAL_OPTIONS: readonly CommandOption[] = [
  {
    flags: "--cluster <name>",
    summary: "Cluster of this machine to use; one is started when there is none",
    default: "default",
    env: "KUBESIM_CLUSTER",
  },
  { flags: "--server <url>", summary: "Server to use instead of this machine's", env: "KUBESIM_SERVER" },
  { flags: "--context <name>", summary: "Context of the kubeconfig to use instead", env: "KUBESIM_CONTEXT" },
  {
    flags: "-n, --namespace <name>",
    summary: "Namespace of pods and events",
    default: "default",
    env: "KUBESIM_NAMESPACE",
    complete: "namespaces",
    parse: objectNameText,
  },
  {
    flags: "-o, --output <format>",
    summary: "How to print",
    default: "table",
    choices: FORMATS,
    env: "KUBESIM_OUTPUT",
  },
  { flags: "--no-headers", summary: "Leave the table's header line out" },
  {
    flags: "--color <when>",
    summary: "Colour the output",
    default: "auto",
    choices: ["auto", "always", "never"],
  },
  { flags: "-y, --yes", summary: "Do not ask, take every confirmation as given" },
  { flags: "--verbose", summary: "Show the stack of unexpected errors", env: "KUBESIM_DEBUG" },
];
