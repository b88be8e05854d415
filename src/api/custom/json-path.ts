import { isFields } from "../patch/own-data.ts";

/** The values at a path of an object, in order. */
export type JsonPath = (object: unknown) => readonly unknown[];

type Step = (value: unknown) => readonly unknown[];

const FIELD = /^\.?((?:\\.|[^.[\]\\])+)/;
const QUOTED = /^\.?\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\]/;
const INDEX = /^\.?\[(-?\d+)\]/;
const ALL = /^\.?\[\*\]|^\.\*/;
const FILTER = /^\.?\[\?\(\s*@([^=!<>\s]*)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*\)\]/;
const EXISTS = /^\.?\[\?\(\s*@([^=!<>\s]+)\s*\)\]/;

/**
 * Reads a JSONPath as printer columns have it: fields (`.spec.size`, `['a.b']`, `\.`), items (`[0]`, `[-1]`, `[*]`) and
 * filters that compare one field with a value (`[?(@.type=="Ready")]`). Undefined for anything else.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text.startsWith("$") ? text.slice(1) : text;
  while (rest !== "" && rest !== ".") {
    const [step, length] = nextStep(rest) ?? [];
    if (step === undefined || length === undefined) return undefined;
    steps.push(step);
    rest = rest.slice(length);
  }
  return (object) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [object]);
}

function nextStep(rest: string): readonly [Step, number] | undefined {
  const quoted = QUOTED.exec(rest);
  if (quoted !== null) return [field(unescaped(quoted[1] ?? quoted[2] ?? "")), quoted[0].length];
  const index = INDEX.exec(rest);
  if (index !== null) return [item(Number(index[1])), index[0].length];
  const all = ALL.exec(rest);
  if (all !== null) return [children, all[0].length];
  const filter = FILTER.exec(rest);
  if (filter !== null) {
    const step = filtered(filter[1] as string, filter[2] as string, filter[3] as string);
    return step && [step, filter[0].length];
  }
  const exists = EXISTS.exec(rest);
  if (exists !== null) {
    const path = parseJsonPath(exists[1] as string);
    return path && [(value) => children(value).filter((each) => path(each).length > 0), exists[0].length];
  }
  const name = FIELD.exec(rest);
  return name === null ? undefined : [field(unescaped(name[1] as string)), name[0].length];
}

function field(name: string): Step {
  return (value) => (isFields(value) && Object.hasOwn(value, name) ? [value[name]] : []);
}

function item(index: number): Step {
  return (value) => {
    const found = Array.isArray(value) ? value.at(index) : undefined;
    return found === undefined ? [] : [found];
  };
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isFields(value) ? Object.values(value) : [];
}

function filtered(left: string, operator: string, right: string): Step | undefined {
  const path = parseJsonPath(left);
  const wanted = literal(right);
  if (path === undefined || wanted === undefined) return undefined;
  return (value) =>
    children(value).filter((each) => path(each).some((found) => compares(found, operator, wanted)));
}

function literal(text: string): string | number | boolean | undefined {
  const quoted = /^(?:'([^']*)'|"([^"]*)")$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function compares(found: unknown, operator: string, wanted: string | number | boolean): boolean {
  if (operator === "==") return found === wanted;
  if (operator === "!=") return found !== wanted;
  if (typeof found !== typeof wanted) return false;
  const left = found as string | number;
  switch (operator) {
    case "<":
      return left < wanted;
    case "<=":
      return left <= wanted;
    case ">":
      return left > wanted;
    default:
      return left >= wanted;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}
