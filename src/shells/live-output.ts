import type { IFileSystem } from "just-bash/browser";

/** A syntax tree, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

const OUT = "/dev/.stdout";
const ERR = "/dev/.stderr";
const FD: Readonly<Record<string, 1 | 2>> = { [OUT]: 1, [ERR]: 2 };

/** Builtins that change the shell itself, or only have a status, and print nothing of note. */
const SILENT = new Set(
  "exec exit return break continue cd shift set unset read : true false test [".split(" "),
);

/**
 * just-bash hands its output over when a script is done; a shell that people look at must show it as it comes. So
 * every command whose output goes nowhere else is made to append to two files that are really the output.
 */
export const liveOutput = {
  name: "live-output",
  transform<T>({ ast }: { readonly ast: T }): { readonly ast: T } {
    onStatements((ast as unknown as { readonly statements: readonly Node[] }).statements);
    return { ast };
  },
};

/** The file system with those two files in it. */
export function withOutput(files: IFileSystem, output: (fd: 1 | 2, bytes: Uint8Array) => void): IFileSystem {
  const write: IFileSystem["appendFile"] = async (path, content, options) => {
    const encoding = typeof options === "string" ? options : options?.encoding;
    const bytes =
      typeof content === "string" ? Buffer.from(content, encoding === "binary" ? "latin1" : "utf8") : content;
    if (bytes.length > 0) output(FD[path] as 1 | 2, bytes);
  };
  return new Proxy(files, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      if (name !== "appendFile") return value.bind(target);
      return (...args: Parameters<IFileSystem["appendFile"]>) =>
        FD[args[0]] === undefined ? target.appendFile(...args) : write(...args);
    },
  });
}

function onStatements(statements: readonly Node[]): void {
  for (const { background, pipelines } of statements) {
    if (background === true) continue;
    for (const { commands } of pipelines as readonly Node[]) {
      const last = (commands as readonly Node[]).at(-1);
      if (last !== undefined) onCommand(last);
    }
  }
}

function onCommand(command: Node): void {
  const redirections = (command.redirections ?? []) as readonly Node[];
  if (command.type === "FunctionDef") return;
  if (command.type === "SimpleCommand" || redirections.some(isOutput)) {
    redirect(command, redirections);
    return;
  }
  for (const part of ["condition", "body", "elseBody"]) {
    if (Array.isArray(command[part])) onStatements(command[part]);
  }
  for (const part of ["clauses", "items"]) {
    for (const { condition, body } of (command[part] ?? []) as readonly Node[]) {
      if (Array.isArray(condition)) onStatements(condition);
      onStatements(body as readonly Node[]);
    }
  }
}

/** Before the command's own redirections, which come later and so win. */
function redirect(command: Node, redirections: readonly Node[]): void {
  if (command.name === null || (command.name !== undefined && SILENT.has(literal(command.name)))) return;
  const changed = command as unknown as { redirections: readonly Node[] };
  changed.redirections = [appending(1, OUT), appending(2, ERR), ...redirections];
}

function literal(word: unknown): string {
  const [first] = (word as { readonly parts: readonly { readonly value?: string }[] }).parts;
  return first?.value ?? "";
}

function isOutput({ fd, operator }: Node): boolean {
  return /[>&]/.test(String(operator)) && fd !== 0;
}

function appending(fd: number, path: string): Node {
  const target = { type: "Word", parts: [{ type: "Literal", value: path }] };
  return { type: "Redirection", fd, operator: ">>", target };
}
