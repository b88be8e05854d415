import type { Environment } from "@marcbachmann/cel-js";
import { compilePattern, findPattern, type Pattern } from "../../pattern.ts";
import { spendOnSize } from "../cost.ts";

/** No text that a rule makes is longer. */
const LONGEST = 10_000_000;
const PATTERNS_KEPT = 256;

/** Functions on strings: those of cel-go's library and Kubernetes' find and findAll. Patterns take linear time. */
export function registerTexts(environment: Environment): void {
  const matches = (text: string, pattern: string) => patternOf(pattern)(text);
  environment.registerFunction("string.boundedMatches(string): bool", matches);
  environment.registerFunction("matches(string, string): bool", matches);
  environment.registerFunction("string.find(string): string", (text: string, pattern: string) => {
    return findPattern(pattern, text, 1)[0] ?? "";
  });
  environment.registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
    findPattern(pattern, text, -1),
  );
  environment.registerFunction(
    "string.findAll(string, int): list<string>",
    (text: string, pattern: string, limit: bigint) => findPattern(pattern, text, Number(limit)),
  );
  registerPieces(environment);
  environment.registerFunction("string.format(list): string", format);
}

function registerPieces(environment: Environment): void {
  environment.registerFunction("string.charAt(int): string", (text: string, at: bigint) => {
    const letters = [...text];
    if (at < 0n || at > BigInt(letters.length)) throw new Error(`index out of range: ${at}`);
    return letters[Number(at)] ?? "";
  });
  const replace = (text: string, from: string, to: string, limit: bigint) => {
    const pieces = text.split(from);
    const count = limit < 0n ? pieces.length - 1 : Math.min(Number(limit), pieces.length - 1);
    bounded(text.length + count * to.length);
    if (limit < 0n) return pieces.join(to);
    return [pieces.slice(0, count + 1).join(to), ...pieces.slice(count + 1)].join(from);
  };
  environment.registerFunction("string.replace(string, string): string", (text, from, to) =>
    replace(text, from, to, -1n),
  );
  environment.registerFunction("string.replace(string, string, int): string", replace);
  const join = (texts: readonly string[], between: string) => {
    bounded(texts.reduce((sum, text) => sum + text.length + between.length, 0));
    return texts.join(between);
  };
  environment.registerFunction("list<string>.boundedJoin(): string", (texts) => join(texts, ""));
  environment.registerFunction("list<string>.boundedJoin(string): string", join);
}

function bounded(length: number): void {
  spendOnSize(length);
  if (length > LONGEST) throw new Error("text is too long");
}

const patterns = new Map<string, Pattern>();

function patternOf(text: string): Pattern {
  let pattern = patterns.get(text);
  if (pattern === undefined) {
    pattern = compilePattern(text);
    if (patterns.size >= PATTERNS_KEPT) patterns.clear();
    patterns.set(text, pattern);
  }
  return pattern;
}

/** `%s`, `%d`, `%f`, `%x` and the like; %s takes everything. */
function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  const filled = text.replace(
    /%(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, digits: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      if (next >= values.length) throw new Error(`index ${next} out of range`);
      const value = values[next++];
      switch (verb) {
        case "s":
        case "d":
          return plain(value);
        case "f":
          return Number(value).toFixed(Number(digits ?? 6));
        case "e":
          return Number(value).toExponential(Number(digits ?? 6));
        case "b":
        case "o":
        case "x":
        case "X": {
          const based = (value as bigint).toString({ b: 2, o: 8, x: 16, X: 16 }[verb]);
          return verb === "X" ? based.toUpperCase() : based;
        }
        default:
          throw new Error(`unrecognized formatting clause ${JSON.stringify(whole.slice(1))}`);
      }
    },
  );
  bounded(filled.length);
  return filled;
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, each]) => `${plain(key)}: ${plain(each)}`).join(", ")}}`;
  }
  return String(value);
}
