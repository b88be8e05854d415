/** A fault of the library: a code, what it says, and where. */
interface LibraryFault extends Error {
  readonly code?: string;
  readonly summary?: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: FaultyNode;
}

interface FaultyNode {
  readonly op: string;
  readonly args: unknown;
  readonly pos: number;
  readonly start: number;
  readonly end: number;
}

/** What keeps a text from being an expression, as cel-go says it: place, words, the line and a mark under the place. */
export function compileFault(error: Error, text: string): string {
  const fault = error as LibraryFault;
  const at = placeOf(fault, text);
  const before = text.slice(0, at).split("\n");
  const line = before.length;
  const column = (before.at(-1) as string).length;
  const source = text.split("\n")[line - 1] ?? "";
  const where = `ERROR: <input>:${line}:${column + 1}`;
  return `compilation failed: ${where}: ${compileWords(fault)}\n | ${source}\n | ${".".repeat(column)}^`;
}

/** What went wrong in an evaluation, as cel-go says it. */
export function evaluationFault(error: Error): string {
  const { code, summary = error.message } = error as LibraryFault;
  switch (code) {
    case "no_such_key":
      return `no such key: ${afterColon(summary)}`;
    case "index_out_of_bounds":
      return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ""}`;
    case "numeric_overflow":
      return "integer overflow";
    case "division_by_zero":
      return "division by zero";
    case "modulo_by_zero":
      return "modulus by zero";
    case "no_such_overload":
    case "no_matching_overload":
      return "no such overload";
    case "optional_value_missing":
      return "optional.none() dereference";
    default:
      return withoutReplaced(summary);
  }
}

function compileWords({ code, summary = "", message, node }: LibraryFault): string {
  switch (code) {
    case "no_such_key":
      return `undefined field '${afterColon(summary)}'`;
    case "unknown_variable":
      return `undeclared reference to '${afterColon(summary)}' (in container '')`;
    case "no_such_overload":
      return operatorWords(node, afterColon(summary));
    case "no_matching_overload":
      return callWords(summary);
    case "incompatible_ternary_branches":
      return "found no matching overload for '_?_:_' applied to different types";
    default:
      if (code !== undefined && SYNTAX.test(code)) return `Syntax error: ${summary}`;
      return withoutReplaced(summary === "" ? message : summary);
  }
}

/** Codes of the reader rather than of the types. */
const SYNTAX = /^(unexpected|invalid_(?!logical|condition|index|comprehension)|parse|unterminated|expected)/;

/** `int == string` of `_==_` becomes `found no matching overload for '_==_' applied to '(int, string)'`. */
function operatorWords(node: FaultyNode | undefined, types: string): string {
  const op = node?.op ?? "";
  if (op.endsWith("_")) return overload(op, `(${types.slice(1)})`);
  const [left = "", right = ""] = types.split(` ${op} `);
  return overload(op === "in" ? "@in" : `_${op}_`, `(${left}, ${right})`);
}

/** `found no matching overload for 'string.foo(int)'` becomes `… for 'foo' applied to 'string.(int)'`. */
function callWords(summary: string): string {
  const signature = /'(.*)'$/.exec(withoutReplaced(summary))?.[1] ?? "";
  const [, receiver = "", name = "", given = ""] = /^(?:(.*)\.)?(\w+)(\(.*\))$/.exec(signature) ?? [];
  return overload(name, receiver === "" ? given : `${receiver}.${given}`);
}

function overload(name: string, types: string): string {
  return `found no matching overload for '${name}' applied to '${types}'`;
}

/** cel-go points at the dot before a field, at an operator, and at the bracket of a call. */
function placeOf({ node, range }: LibraryFault, text: string): number {
  const start = node?.start ?? range?.start ?? 0;
  if (node === undefined) return Math.min(start, text.length);
  if (node.op === ".") return Math.max(0, text.lastIndexOf(".", node.pos));
  const args = Array.isArray(node.args) ? (node.args as readonly unknown[]) : [];
  if (node.op === "call") return text.indexOf("(", start);
  if (node.op === "rcall") return text.indexOf("(", (args[1] as FaultyNode).end);
  const [left, right] = args as readonly (FaultyNode | undefined)[];
  if (right?.start === undefined || left?.end === undefined) return start;
  const operator = text.slice(left.end, right.start).search(/[^\s)]/);
  return operator < 0 ? start : left.end + operator;
}

function afterColon(summary: string): string {
  return summary.slice(summary.indexOf(": ") + 2);
}

/** Functions of the library that stand in for others under another name. */
function withoutReplaced(summary: string): string {
  return summary.replaceAll("boundedMatches", "matches").replaceAll("boundedJoin", "join");
}
