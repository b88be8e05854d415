/** What one evaluation may cost, and all of one object together: the limits of Kubernetes (apiserver/pkg/apis/cel). */
const CALL_LIMIT = 1_000_000;
export const OBJECT_BUDGET = 10_000_000;

/** So many characters or items that are looked through cost as much as one step. */
const PER_STEP = 10;

/** An evaluation took more than it may. */
export class CostExceeded extends Error {}

const EXCEEDED = new CostExceeded("operation cancelled: actual cost limit exceeded");

/** What is left of the evaluation under way; evaluations do not overlap, as they wait for nothing. */
let left = 0;
let spent = 0;

/**
 * Runs one evaluation within the limit of a call. @throws CostExceeded when it took more, whatever its outcome: `||`
 * may have swallowed the fault.
 */
export function spendOn<T>(evaluate: () => T): T {
  left = CALL_LIMIT;
  let answer: T;
  try {
    answer = evaluate();
  } catch (error) {
    throw left < 0 ? EXCEEDED : error;
  } finally {
    spent = CALL_LIMIT - left;
  }
  if (left < 0) throw EXCEEDED;
  return answer;
}

/** What the last evaluation cost. */
export function lastCost(): number {
  return spent;
}

/** Takes from the budget for looking through texts and lists. */
export function spendOnSize(size: number): void {
  spend(size / PER_STEP);
}

function spend(cost: number): void {
  left -= cost;
  if (left < 0) throw EXCEEDED;
}

/** A node of a checked expression, as the library has it (8.0.0). */
export interface MeteredNode {
  readonly op: string;
  readonly args: unknown;
  readonly meta: {
    readonly evaluate: Evaluate;
    readonly alternate?: MeteredNode;
    readonly macro?: { readonly evaluate: (evaluator: unknown, macro: unknown, context: unknown) => unknown };
  };
  evaluate: Evaluate;
  /** Of checked nodes. */
  readonly checkedType?: { readonly name: string };
}

type Evaluate = (evaluator: unknown, node: unknown, context: unknown) => unknown;

/** Makes a node cost a step whenever it is evaluated, and what texts and lists it makes their size. */
export function limitNode(node: MeteredNode): void {
  const { meta, op } = node;
  const { alternate, macro } = meta;
  let run: Evaluate = (evaluator, self, context) => meta.evaluate(evaluator, self, context);
  if (alternate !== undefined) {
    run = (evaluator, _, context) => alternate.evaluate(evaluator, alternate, context);
  } else if (macro !== undefined) run = (evaluator, _, context) => macro.evaluate(evaluator, macro, context);
  const makes = MAKERS.has(op);
  node.evaluate = (evaluator, self, context) => {
    spend(1);
    const value = run(evaluator, self, context);
    if (makes || typeof value === "string") spendOnSize(sizeOf(value));
    return value;
  };
}

/** Operators that make values out of values. */
const MAKERS: ReadonlySet<string> = new Set(["+", "call", "rcall"]);

function sizeOf(value: unknown): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : 0;
}
