import { badRequest } from "./errors.ts";
import { labelValueFault, qualifiedNameFault } from "./names.ts";

/** One comma-separated part of a label selector. `values` is sorted as written; one number for Gt and Lt. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

/**
 * Reads a label selector in equality and set syntax (k8s.io/apimachinery/pkg/labels, Parse).
 * @throws ApiError BadRequest.
 */
export function parseLabelRequirements(text: string): LabelRequirement[] {
  const tokens = tokenize(text);
  const requirements: LabelRequirement[] = [];
  if (tokens.length === 0) return requirements;
  const reader = new TokenReader(tokens);
  for (;;) {
    requirements.push(checked(readRequirement(reader)));
    const token = reader.next();
    if (token === "") return requirements;
    if (token !== ",") throw unexpected(token, "',' or 'end of string'");
    // A comma at the end is refused, as upstream does.
    if (reader.peek() === "") throw unexpected("", "identifier after ','");
  }
}

const SPECIAL = new Set(["!", "(", ")", ",", "=", "==", "!=", ">", "<", ""]);

class TokenReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** The next token, "" at the end. */
  peek(): string {
    return this.#tokens[this.#at] ?? "";
  }

  next(): string {
    const token = this.peek();
    this.#at++;
    return token;
  }
}

/** One pass, every character looked at once: no input makes it slow. */
function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    const pair = text.slice(at, at + 2);
    if (" \t\r\n".includes(character)) {
      at++;
    } else if (pair === "==" || pair === "!=") {
      tokens.push(pair);
      at += 2;
    } else if (SPECIAL.has(character)) {
      tokens.push(character);
      at++;
    } else {
      let end = at + 1;
      while (end < text.length && !" \t\r\n!(),=<>".includes(text[end] as string)) end++;
      tokens.push(text.slice(at, end));
      at = end;
    }
  }
  return tokens;
}

function readRequirement(reader: TokenReader): LabelRequirement {
  if (reader.peek() === "!") {
    reader.next();
    return { key: readKey(reader), operator: "DoesNotExist", values: [] };
  }
  const key = readKey(reader);
  const next = reader.peek();
  if (next === "" || next === ",") return { key, operator: "Exists", values: [] };
  const token = reader.next();
  switch (token) {
    case "in":
      return { key, operator: "In", values: readValues(reader) };
    case "notin":
      return { key, operator: "NotIn", values: readValues(reader) };
    case "=":
    case "==":
      return { key, operator: "In", values: [readValue(reader)] };
    case "!=":
      return { key, operator: "NotIn", values: [readValue(reader)] };
    case ">":
      return { key, operator: "Gt", values: [readValue(reader)] };
    case "<":
      return { key, operator: "Lt", values: [readValue(reader)] };
    default:
      throw unexpected(token, "in, notin, =, ==, !=, gt, lt");
  }
}

function readKey(reader: TokenReader): string {
  const token = reader.next();
  if (SPECIAL.has(token)) throw unexpected(token, "!, identifier, or 'end of string'");
  return token;
}

/** An equality's value may be missing: `a=` asks for the empty string. */
function readValue(reader: TokenReader): string {
  const next = reader.peek();
  if (next === "" || next === ",") return "";
  const token = reader.next();
  if (SPECIAL.has(token)) throw unexpected(token, "identifier");
  return token;
}

function readValues(reader: TokenReader): string[] {
  const open = reader.next();
  if (open !== "(") throw unexpected(open, "'('");
  const values: string[] = [];
  for (;;) {
    const token = reader.next();
    if (token === ")" || token === ",") values.push("");
    else if (SPECIAL.has(token)) throw unexpected(token, "',', ')' or identifier");
    else values.push(token);
    if (token === ")") return values;
    if (token === ",") continue;
    const separator = reader.next();
    if (separator === ")") return values;
    if (separator !== ",") throw unexpected(separator, "',' or ')'");
    if (reader.peek() === ")") {
      reader.next();
      values.push("");
      return values;
    }
  }
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const { key, operator, values } = requirement;
  const keyFault = qualifiedNameFault(key);
  if (keyFault !== undefined) throw refused(`key: Invalid value: ${JSON.stringify(key)}: ${keyFault}`);
  for (const [index, value] of values.entries()) {
    const at = `values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}`;
    if (operator === "Gt" || operator === "Lt") {
      if (!/^-?\d{1,19}$/.test(value))
        throw refused(`${at}: for 'Gt', 'Lt' operators, the value must be an integer`);
      continue;
    }
    const valueFault = labelValueFault(value);
    if (valueFault !== undefined) throw refused(`${at}: ${valueFault}`);
  }
  return requirement;
}

function refused(text: string) {
  return badRequest(`unable to parse requirement: ${text}`);
}

function unexpected(found: string, expected: string) {
  return refused(`found '${found}', expected: ${expected}`);
}
