import { quoted } from "./command-line.ts";
import { COMMANDS } from "./registry.ts";

/** The global options that a command line was given to say which cluster and namespace it means. */
export interface Aim {
  readonly cluster?: string | undefined;
  readonly server?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Commands that ask no cluster. */
const ALONE = ["chaos report", "completion", "demo", "help", "plan", "replay", "simulate"];

/** Where a command line begins that asks a cluster and names none. */
const COMMAND_LINE = new RegExp(
  `kubesim (?=(?:${COMMANDS.map(({ path }) => path.join(" "))
    .filter((path) => !ALONE.includes(path))
    .join("|")})\\b(?! report| --virtual)(?![^:;]* --(?:cluster|server|context|help)\\b))`,
  "g",
);

/** Commands that know the clusters of this machine only. */
const ON_THIS_MACHINE = /^(?:kubeconfig|server)\b/;

/** Commands that mean the objects of one namespace. */
const IN_NAMESPACE = /^(?:events|explain|pods)\b/;

/**
 * Makes command lines that are recommended in a text mean the cluster and namespace of the command line that recommends
 * them: `kubesim nodes list` becomes `kubesim --cluster lab nodes list`. Those that name their cluster stay as they
 * are, and so does what the environment says: it will say so to the next command, too.
 */
export function aimed(text: string, aim: Aim): string {
  if (Object.values(aim).every((value) => value === undefined)) return text;
  return text.replaceAll(COMMAND_LINE, (found, at: number) => {
    const command = text.slice(at + found.length);
    const isElsewhere = !ON_THIS_MACHINE.test(command);
    const flags = words([
      ["--cluster", aim.cluster],
      ["--server", isElsewhere ? aim.server : undefined],
      ["--context", isElsewhere ? aim.context : undefined],
      ["-n", IN_NAMESPACE.test(command) ? aim.namespace : undefined],
    ]);
    return `${found}${flags}`;
  });
}

function words(flags: readonly (readonly [string, string | undefined])[]): string {
  return flags.map(([flag, value]) => (value === undefined ? "" : `${flag} ${quoted(value)} `)).join("");
}
