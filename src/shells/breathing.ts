import { setImmediate as immediate } from "node:timers/promises";
import type { CustomCommand } from "just-bash/browser";

interface Node {
  readonly type?: string;
  readonly [part: string]: unknown;
}

const LOOPS = new Set(["For", "CStyleFor", "While", "Until"]);
const BREATHE = "__breathe";
/** A shell variable that counts rounds: a command that is no builtin is too dear to be run in each of them. */
export const ROUNDS_VARIABLE = "__rounds";
/** So many rounds go by between two pauses: some ten milliseconds. */
const ROUNDS = 64;

/**
 * A script computes in one go; a loop without end would let nothing else run in the thread until its limits end it.
 * So every round of a loop begins with `(( ++__rounds % 64 )) || __breathe`, which pauses now and then.
 */
export const breathing = {
  name: "breathing",
  transform<T>({ ast }: { readonly ast: T }): { readonly ast: T } {
    visit(ast);
    return { ast };
  },
};

/** The pause: what else is to be done in the thread is done. */
export function breatheCommand(): CustomCommand {
  return {
    name: BREATHE,
    execute: async () => {
      await immediate();
      return { stdout: "", stderr: "", exitCode: 0 };
    },
  };
}

function visit(part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  if (Array.isArray(part)) {
    for (const each of part) visit(each);
    return;
  }
  const node = part as Node;
  for (const name of Object.keys(node)) visit(node[name]);
  if (LOOPS.has(node.type ?? "")) addBreath(node.body as Node[]);
}

/** Behind the first statement where that looks at how the loop's condition ended. */
function addBreath(body: Node[]): void {
  const [first] = body;
  const asksStatus = first !== undefined && JSON.stringify(first).includes('"parameter":"?"');
  body.splice(asksStatus ? 1 : 0, 0, breath());
}

function breath(): Node {
  const rounds = { type: "ArithVariable", name: ROUNDS_VARIABLE, hasDollarPrefix: false };
  const counted = { type: "ArithUnary", operator: "++", operand: rounds, prefix: true };
  const rest = {
    type: "ArithBinary",
    operator: "%",
    left: counted,
    right: { type: "ArithNumber", value: ROUNDS },
  };
  const expression = { type: "ArithmeticExpression", expression: rest };
  const count = { type: "ArithmeticCommand", expression, redirections: [] };
  const name = { type: "Word", parts: [{ type: "Literal", value: BREATHE }] };
  const pause = { type: "SimpleCommand", assignments: [], name, args: [], redirections: [] };
  const pipelines = [count, pause].map((command) => ({
    type: "Pipeline",
    commands: [command],
    negated: false,
  }));
  return { type: "Statement", pipelines, operators: ["||"], background: false };
}
