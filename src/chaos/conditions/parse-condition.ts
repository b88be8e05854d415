import { parseDuration } from "../../lib/duration.ts";
import { type Condition, METRICS, type MetricName, type Operator, type Severity } from "./condition.ts";

/** Why a text is no condition: what is wrong, where (1-based column), and what to write instead. */
export interface ConditionError {
  readonly message: string;
  readonly column: number;
  readonly hint: string;
}

export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly error: ConditionError };

/** Longer texts are refused unread. */
const LONGEST_TEXT = 200;
const METRIC_LIST = Object.keys(METRICS).join(", ");
const EXAMPLE = "write for example: running>=95% or: unschedulable==0 for 10s";

/** Reads a condition; see `Condition` for the grammar. Never throws. */
export function parseCondition(text: string): ParsedCondition {
  if (text.length > LONGEST_TEXT)
    return fail(LONGEST_TEXT + 1, `longer than ${LONGEST_TEXT} characters`, EXAMPLE);
  const scanner = new Scanner(text);
  const severity = scanSeverity(scanner);
  if (typeof severity !== "string") return severity;
  const metric = scanMetric(scanner);
  if (typeof metric !== "string") return metric;
  const operator = scanner.take(/>=|<=|==|!=|>|</y);
  if (operator === undefined) {
    return fail(
      scanner.column,
      `expected a comparison, found ${scanner.found()}`,
      "use one of: >= <= > < == !=",
    );
  }
  const value = scanValue(scanner, metric);
  if ("ok" in value) return value;
  const forMs = scanFor(scanner);
  if (typeof forMs !== "number") return forMs;
  if (!scanner.atEnd()) {
    return fail(
      scanner.column,
      `expected the end, found ${scanner.found()}`,
      `${EXAMPLE}; repeat the flag for more`,
    );
  }
  return {
    ok: true,
    condition: { text: text.trim(), severity, metric, operator: operator as Operator, ...value, forMs },
  };
}

type Failure = Extract<ParsedCondition, { ok: false }>;

function fail(column: number, message: string, hint: string): Failure {
  return { ok: false, error: { message, column, hint } };
}

function scanSeverity(scanner: Scanner): Severity | Failure {
  const { column } = scanner;
  const label = scanner.take(/[A-Za-z]+(?=\s*:)/y);
  if (label === undefined) return "critical";
  scanner.take(/:/y);
  if (label === "critical" || label === "warning") return label;
  return fail(column, `unknown severity "${label}"`, "use critical: or warning:");
}

function scanMetric(scanner: Scanner): MetricName | Failure {
  const { column } = scanner;
  const name = scanner.take(/[A-Za-z_-]+/y);
  if (name === undefined) {
    return fail(column, `expected what to measure, found ${scanner.found()}`, `use one of: ${METRIC_LIST}`);
  }
  if (Object.hasOwn(METRICS, name)) return name as MetricName;
  return fail(column, `unknown metric "${name}"`, `use one of: ${METRIC_LIST}`);
}

function scanValue(scanner: Scanner, metric: MetricName): Pick<Condition, "value" | "percent"> | Failure {
  const { column } = scanner;
  const digits = scanner.take(/\d+(\.\d+)?/y);
  if (digits === undefined) return fail(column, `expected a number, found ${scanner.found()}`, EXAMPLE);
  const value = Number(digits);
  const percent = scanner.take(/%/y) !== undefined;
  if (!Number.isSafeInteger(Math.round(value))) return fail(column, `${digits} is too large`, EXAMPLE);
  if (percent && value > 100)
    return fail(column, `${digits}% is more than everything`, "use a percentage of 0 to 100");
  if (!percent && "shareOnly" in METRICS[metric]) {
    return fail(column, `${metric} is a share, not a count`, `write a percentage: ${metric}>=${digits}%`);
  }
  return { value, percent };
}

function scanFor(scanner: Scanner): number | Failure {
  const { column } = scanner;
  const word = scanner.take(/for\b/y);
  if (word === undefined) return 0;
  const durationColumn = scanner.column;
  const text = scanner.take(/[0-9a-z.]+/y);
  const durationMs = text === undefined ? undefined : parseDuration(text);
  if (durationMs !== undefined && durationMs > 0) return durationMs;
  if (text === undefined) return fail(column, '"for" without a duration', "write for example: for 10s");
  return fail(durationColumn, `"${text}" is no duration`, "write for example: 10s, 1m30s or 250ms");
}

/** Reads tokens from left to right, skipping the spaces before each. */
class Scanner {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpaces();
  }

  /** 1-based. */
  get column(): number {
    return this.#index + 1;
  }

  atEnd(): boolean {
    return this.#index === this.#text.length;
  }

  /** What stands here, for messages. */
  found(): string {
    if (this.atEnd()) return "the end";
    return `"${this.#text.slice(this.#index).match(/^(\w+|.)/su)?.[0] ?? ""}"`;
  }

  /** Takes what the sticky pattern matches here. */
  take(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#index;
    const match = sticky.exec(this.#text)?.[0];
    if (match === undefined) return undefined;
    this.#index += match.length;
    this.#skipSpaces();
    return match;
  }

  #skipSpaces(): void {
    while (/\s/.test(this.#text[this.#index] ?? "")) this.#index++;
  }
}
