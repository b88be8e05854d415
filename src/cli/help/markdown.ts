import { COMMAND_GROUPS, type Command, type CommandOption } from "../command.ts";
import { GLOBAL_OPTIONS } from "../globals.ts";
import { commandOptions, usageLine } from "./layout.ts";
import { optionText } from "./option-text.ts";
import { TOPICS } from "./topics.ts";

/** Width of the topics' texts in the document. */
const WIDTH = 100;

/** docs/cli.md: everything that `--help` says, as one page. */
export function commandReference(commands: readonly Command[]): string {
  const listed = commands.filter((command) => !command.hidden);
  const sections = COMMAND_GROUPS.flatMap((group) => {
    const inside = listed.filter((command) => command.group === group);
    return inside.length === 0 ? [] : [`## ${group}\n`, ...inside.map(commandSection)];
  });
  const topics = Object.entries(TOPICS)
    .filter(([name]) => name !== "options")
    .map(
      ([name, topic]) => `## ${topic.summary}\n\n\`kubesim help ${name}\`\n\n${fenced(topic.text(WIDTH))}`,
    );
  return [
    "# Commands\n",
    "Made from the command registry by `scripts/generate-cli-docs.ts`; do not edit.\n",
    contents(listed),
    ...sections,
    `## Options of every command\n\n${optionTable(GLOBAL_OPTIONS)}`,
    ...topics,
  ].join("\n");
}

function contents(commands: readonly Command[]): string {
  const rows = commands.map((command) => {
    const name = `kubesim ${command.path.join(" ")}`;
    return `| [\`${name}\`](#${name.replaceAll(" ", "-")}) | ${cell(command.summary)} |`;
  });
  return `| command | what it does |\n|---|---|\n${rows.join("\n")}\n`;
}

function commandSection(command: Command): string {
  const { path, summary, description, examples } = command;
  const parts = [
    `### kubesim ${path.join(" ")}\n`,
    `${summary}.${description === undefined ? "" : ` ${description}`}\n`,
  ];
  parts.push(fenced(usageLine(command)));
  parts.push(fenced(examples.map(({ note, line }) => `# ${note}\n${line}`).join("\n")));
  const rows = (command.arguments ?? []).map(({ name, required, variadic, summary: text }) => {
    const word = variadic ? `${name}...` : name;
    return `| \`${required ? `<${word}>` : `[${word}]`}\` | ${cell(text)} |`;
  });
  if (rows.length > 0) parts.push(`| argument | |\n|---|---|\n${rows.join("\n")}\n`);
  const options = commandOptions(command);
  if (options.length > 0) parts.push(optionTable(options));
  return parts.join("\n");
}

function optionTable(options: readonly CommandOption[]): string {
  const rows = options.map((option) => `| \`${option.flags}\` | ${cell(optionText(option))} |`);
  return `| option | |\n|---|---|\n${rows.join("\n")}\n`;
}

function fenced(text: string): string {
  return `\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
