import { badRequest } from "./errors.ts";
import type { Kind } from "./kind.ts";
import { type LabelRequirement, parseLabelRequirements } from "./label-requirements.ts";
import type { KubeObject } from "./meta.ts";

type Labels = Readonly<Record<string, string>> | undefined;

/**
 * Compiles a label selector such as `app=web,tier in (a,b),!canary` into a test. Empty text selects everything.
 * @throws ApiError BadRequest in the words of k8s.io/apimachinery/pkg/labels.
 */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  const requirements = parseLabelRequirements(text);
  if (requirements.length === 0) return () => true;
  return (labels) => requirements.every((requirement) => meets(labels, requirement));
}

/** One part of a field selector: `spec.nodeName=node-1`. */
export interface FieldRequirement {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/**
 * Compiles a field selector such as `spec.nodeName=a,status.phase!=Failed` into a test. Empty text selects everything.
 * @throws ApiError BadRequest, also for a field that this kind cannot be selected by.
 */
export function parseFieldSelector<T extends KubeObject>(
  kind: Pick<Kind<T>, "selectableFields">,
  text: string,
): (object: T) => boolean {
  const tests = parseFieldRequirements(text).map(({ field, equal, value }) => {
    const read = fieldReader(kind, field);
    return (object: T): boolean => (read(object) === value) === equal;
  });
  if (tests.length === 0) return () => true;
  return (object) => tests.every((test) => test(object));
}

/** The parts of a field selector, for those who can answer some of them by an index. */
export function parseFieldRequirements(text: string): FieldRequirement[] {
  if (text === "") return [];
  return splitTerms(text)
    .filter((term) => term !== "")
    .map((term) => fieldRequirement(term, text));
}

function meets(labels: Labels, { key, operator, values }: LabelRequirement): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Gt":
      return isInteger(value) && BigInt(value) > BigInt(values[0] as string);
    case "Lt":
      return isInteger(value) && BigInt(value) < BigInt(values[0] as string);
  }
}

function isInteger(value: string | undefined): value is string {
  return value !== undefined && /^-?\d{1,19}$/.test(value);
}

function fieldReader<T extends KubeObject>(
  kind: Pick<Kind<T>, "selectableFields">,
  field: string,
): (object: T) => string {
  if (field === "metadata.name") return (object) => object.metadata.name;
  if (field === "metadata.namespace") return (object) => object.metadata.namespace ?? "";
  const read = Object.hasOwn(kind.selectableFields, field) ? kind.selectableFields[field] : undefined;
  if (read === undefined) throw badRequest(`field label not supported: ${field}`);
  return read;
}

/** Splits at commas; `\,`, `\=` and `\\` stand for the characters themselves. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function fieldRequirement(term: string, selector: string): FieldRequirement {
  const at = term.search(/!=|=/);
  if (at < 0) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
  const equal = term[at] === "=";
  const valueAt = at + (term[at + 1] === "=" ? 2 : 1);
  return { field: term.slice(0, at), equal, value: unescapeValue(term.slice(valueAt)) };
}

function unescapeValue(value: string): string {
  let text = "";
  for (let at = 0; at < value.length; at++) {
    const character = value[at] as string;
    if (character === "=") throw badRequest(`invalid field selector: unescaped character in value: ${value}`);
    if (character !== "\\") {
      text += character;
      continue;
    }
    const escaped = value[++at];
    if (escaped === undefined || !"\\,=".includes(escaped)) {
      throw badRequest(`invalid field selector: invalid escape sequence in value: ${value}`);
    }
    text += escaped;
  }
  return text;
}
