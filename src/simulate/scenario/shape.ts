import { didYouMean } from "../../lib/did-you-mean.ts";

/** Where a value stands: knows how to say that it is wrong. */
export interface Place {
  /** `spec.nodes[0].cpu`. */
  readonly path: string;
  fault(problem: string, hint?: string): Error;
  child(key: string | number): Place;
}

/**
 * What a value must look like: reads it, and describes itself as JSON schema. So that the check and the editor's schema
 * never say different things.
 */
export interface Shape<T> {
  readonly json: Readonly<Record<string, unknown>>;
  /** @throws what `place.fault` makes */
  read(value: unknown, place: Place): T;
}

/** A field of an object; without a default it must be there, unless it is optional. */
export interface Field<T> {
  readonly shape: Shape<T>;
  readonly summary: string;
  readonly fallback?: unknown;
  readonly optional?: true;
}

/** A text that `parse` turns into a value; undefined: it is none. Numbers are taken as texts. */
export function text<T>(
  what: string,
  example: string,
  parse: (text: string) => T | undefined,
  choices?: readonly string[],
): Shape<T> {
  const kinds = choices === undefined ? { type: ["string", "number"] } : { enum: choices };
  return {
    json: { ...kinds, description: `${what}, for example ${example}` },
    read(value, place) {
      const parsed =
        typeof value === "string" || typeof value === "number" ? parse(String(value)) : undefined;
      if (parsed !== undefined) return parsed;
      const close = choices && didYouMean(String(value), choices);
      const hint = close === undefined ? `Write it like ${example}` : `Did you mean ${close}?`;
      throw place.fault(`${shown(value)} is not ${what}`, hint);
    },
  };
}

/** One of some names. */
export function choice<Name extends string>(what: string, names: readonly Name[]): Shape<Name> {
  const find = (value: string) => names.find((name) => name === value);
  return text(`${what} (${names.join(", ")})`, names[0] as string, find, names);
}

/** A number between two bounds, both included. */
export function number(minimum: number, maximum: number, isWhole = false): Shape<number> {
  const what = `${isWhole ? "a whole number" : "a number"} from ${minimum} to ${maximum}`;
  return {
    json: { type: isWhole ? "integer" : "number", minimum, maximum },
    read(value, place) {
      const given = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      const isGood = typeof given === "number" && given >= minimum && given <= maximum;
      if (isGood && (!isWhole || Number.isInteger(given))) return given;
      throw place.fault(`${shown(value)} is not ${what}`);
    },
  };
}

/** True or false. */
export const flag: Shape<boolean> = {
  json: { type: "boolean" },
  read(value, place) {
    if (typeof value === "boolean") return value;
    throw place.fault(`${shown(value)} is neither true nor false`);
  },
};

/** Texts by name. */
export const texts: Shape<Readonly<Record<string, string>>> = {
  json: { type: "object", additionalProperties: { type: "string" } },
  read(value, place) {
    const entries = Object.entries(objectAt(value, place));
    for (const [key, entry] of entries) {
      if (typeof entry !== "string") throw place.child(key).fault(`${shown(entry)} is not a text`);
    }
    return Object.fromEntries(entries) as Record<string, string>;
  },
};

/** Some of a shape; a single value counts as a list of one. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    json: { type: "array", items: item.json },
    read(value, place) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      return items.map((entry, index) => item.read(entry, place.child(index)));
    },
  };
}

type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

/** An object with these fields and no others. */
export function object<T extends object>(fields: Fields<T>): Shape<T> {
  const entries = Object.entries(fields) as [string, Field<unknown>][];
  const names = entries.map(([name]) => name);
  const required = entries.flatMap(([name, { fallback, optional }]) =>
    fallback === undefined && !optional ? [name] : [],
  );
  const properties = Object.fromEntries(
    entries.map(([name, { shape, summary, fallback }]) => [
      name,
      { ...shape.json, description: summary, ...(fallback !== undefined && { default: fallback }) },
    ]),
  );
  return {
    json: { type: "object", properties, required, additionalProperties: false },
    read(value, place) {
      const given = objectAt(value, place);
      const unknown = Object.keys(given).find((name) => !names.includes(name));
      if (unknown !== undefined) throw unknownField(unknown, names, place);
      const read: Record<string, unknown> = {};
      for (const [name, { shape, fallback, optional }] of entries) {
        const found = given[name] ?? fallback;
        if (found !== undefined) read[name] = shape.read(found, place.child(name));
        else if (!optional) throw place.fault(`has no ${name}`);
      }
      return read as T;
    },
  };
}

/** One of several objects, told by a field that only it has. */
export function variants<T>(shapes: Readonly<Record<string, Shape<T>>>): Shape<T> {
  return {
    json: { oneOf: Object.values(shapes).map(({ json }) => json) },
    read(value, place) {
      const given = objectAt(value, place);
      const key = Object.keys(shapes).find((name) => Object.hasOwn(given, name));
      if (key !== undefined) return (shapes[key] as Shape<T>).read(given, place);
      const close = Object.keys(given).flatMap((name) => didYouMean(name, Object.keys(shapes)) ?? []);
      const hint = close.length === 0 ? undefined : `Did you mean ${close[0]}?`;
      throw place.fault(`needs one of ${Object.keys(shapes).join(", ")}`, hint);
    },
  };
}

function unknownField(name: string, names: readonly string[], place: Place): Error {
  const close = didYouMean(name, names);
  const hint = close === undefined ? `There are ${names.join(", ")}` : `Did you mean ${close}?`;
  return place.child(name).fault("is no field that is known here", hint);
}

function objectAt(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw place.fault(`${shown(value)} is not an object with fields`);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
