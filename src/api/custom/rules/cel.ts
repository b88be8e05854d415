import type { ASTNode, Environment } from "@marcbachmann/cel-js";
import { limitNode, type MeteredNode, spendOn } from "./cost.ts";
import { registerAddresses } from "./functions/addresses.ts";
import { registerLists } from "./functions/lists.ts";
import { registerFormats } from "./functions/named-formats.ts";
import { registerQuantities } from "./functions/quantities.ts";
import { registerVersions } from "./functions/semver.ts";
import { registerTexts } from "./functions/texts.ts";
import { compileFault } from "./words.ts";

/** What may be said in a rule that Kubernetes takes and this does not. */
const NOT_EVALUATED: ReadonlySet<string> = new Set([
  ...["transformList", "transformMap", "transformMapEntry", "existsOne", "sortBy", "reverse", "quote"],
]);
const QUANTIFIERS: ReadonlySet<string> = new Set(["all", "exists", "exists_one"]);

/** The library's own ones have no bound in what they take or make. */
const REPLACED: Readonly<Record<string, string>> = { matches: "boundedMatches", join: "boundedJoin" };

type Library = typeof import("@marcbachmann/cel-js");

type DurationClass = new (seconds: bigint, nanoseconds: number) => object;

let library: Library | undefined;
let Duration: DurationClass | undefined;
let base: Environment | undefined;

/** Loads what evaluates rules in CEL; awaited once, before the first is compiled. */
export async function loadExpressions(): Promise<void> {
  if (library !== undefined) return;
  library = await import("@marcbachmann/cel-js");
  Duration = library.evaluate('duration("0s")').constructor as DurationClass;
}

/** The functions of Kubernetes' rules, and no variable yet; types and variables are for the caller to add. */
export function ruleEnvironment(): Environment {
  if (library === undefined) throw new Error("the engine for rules is not loaded");
  base ??= baseEnvironment(library);
  return base.clone();
}

function baseEnvironment({ Environment }: Library): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  registerTexts(environment);
  registerLists(environment);
  registerQuantities(environment);
  registerAddresses(environment);
  registerVersions(environment);
  registerFormats(environment, celOptional);
  registerTimes(environment);
  return environment;
}

function registerTimes(environment: Environment): void {
  environment.registerFunction("string(google.protobuf.Timestamp): string", (time: Date) =>
    time.toISOString().replace(/\.?0*Z$/, "Z"),
  );
  environment.registerFunction("string(google.protobuf.Duration): string", (span: object) => String(span));
  environment.registerFunction("int(google.protobuf.Timestamp): int", (time: Date) =>
    BigInt(Math.floor(time.getTime() / 1000)),
  );
}

/** A span of time as CEL has it. @param nanoseconds of the whole span */
export function celDuration(nanoseconds: bigint): unknown {
  return new (Duration as DurationClass)(nanoseconds / 1_000_000_000n, Number(nanoseconds % 1_000_000_000n));
}

/** A value of CEL that may be missing. */
export function celOptional(value: unknown): unknown {
  const { Optional } = library as Library;
  return Optional.of(value);
}

/** An expression that can be evaluated. */
export interface Expression {
  readonly usesOldSelf: boolean;
  /** What it is made of, checked: to estimate from. */
  readonly ast: MeteredNode;
  /** Its value; throws what goes wrong in it. What it costs is spent from the budget in force (cost.ts). */
  evaluate(variables: Readonly<Record<string, unknown>>): unknown;
}

/** What became of a text: an expression, a fault in the words of cel-go, or nothing that is evaluated here. */
export type Compiled =
  | { readonly expression: Expression }
  | { readonly fault: string }
  | { readonly notEvaluated: string };

/** @param wanted the type that it must have, `bool` or `string` */
export function compileExpression(environment: Environment, text: string, wanted: string): Compiled {
  try {
    const parsed = environment.parse(text);
    const nodes = nodesOf(parsed.ast as unknown as MeteredNode);
    const unknown = nodes.map(notEvaluated).find((name) => name !== undefined);
    if (unknown !== undefined) return { notEvaluated: unknown };
    for (const node of nodes) replaceName(node);
    const { valid, type, error } = parsed.check();
    if (!valid) return { fault: compileFault(error as Error, text) };
    if (type !== wanted && type !== "dyn") {
      return { fault: wanted === "bool" ? "cel expression must evaluate to a bool" : NO_TEXT };
    }
    for (const node of nodesOf(parsed.ast as unknown as MeteredNode)) limitNode(node);
    const usesOldSelf = nodes.some(({ op, args }) => op === "id" && args === "oldSelf");
    const ast = parsed.ast as unknown as MeteredNode;
    return { expression: { usesOldSelf, ast, evaluate: (variables) => spendOn(() => parsed(variables)) } };
  } catch (error) {
    return { fault: compileFault(error as Error, text) };
  }
}

const NO_TEXT = "messageExpression must evaluate to a string";

function notEvaluated({ op, args }: MeteredNode): string | undefined {
  if (op !== "rcall" && op !== "call") return undefined;
  const [name, ...rest] = args as readonly [string, ...unknown[]];
  if (NOT_EVALUATED.has(name)) return name;
  const given = rest.at(-1) as readonly ASTNode[];
  return QUANTIFIERS.has(name) && given.length === 3 ? `${name} with two variables` : undefined;
}

function replaceName({ op, args }: MeteredNode): void {
  if (op !== "rcall") return;
  const call = args as [string, ...unknown[]];
  if (Object.hasOwn(REPLACED, call[0])) call[0] = REPLACED[call[0]] as string;
}

/** Every node of an expression, those that macros were turned into included. */
function nodesOf(root: MeteredNode): readonly MeteredNode[] {
  const seen = new Set<object>();
  const nodes: MeteredNode[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (isNode(value)) {
      nodes.push(value);
      visit(value.args);
      visit(value.meta.alternate);
      if (value.meta.macro !== undefined) visitParts(value.meta.macro, visit);
    } else visitParts(value, visit);
  };
  visit(root);
  return nodes;
}

/** Where comprehensions and macros keep the nodes they are made of. */
const PARTS = ["iterable", "init", "step", "args", "receiver", "arg", "val", "exp", "macroHasProps"];

function visitParts(value: object, visit: (part: unknown) => void): void {
  for (const part of PARTS) visit((value as Readonly<Record<string, unknown>>)[part]);
}

function isNode(value: object): value is MeteredNode {
  return "op" in value && "meta" in value;
}
