import { badRequest } from "../api/errors.ts";

/** Deeper nesting than any object of Kubernetes needs; recursion further in stays far from the stack's end. */
const DEPTH_MAX = 500;
/** Texts shorter than this cannot nest deeply enough to matter. */
const SHALLOW_LENGTH = 2 * DEPTH_MAX;
/** Longer runs of digits may overflow a double. */
const LONG_NUMBER_DIGITS = 300;

/**
 * Parses JSON from outside. Fails with BadRequest for what is no JSON, nests too deeply, has a `__proto__` key or a
 * number that no double holds.
 */
export function parseJson(text: string): unknown {
  const hasWildNumber = text.length > SHALLOW_LENGTH ? checkShape(text) : mayHaveExponent(text);
  const value = mayHaveProtoKey(text) ? parse(text, refuseProtoKey) : parse(text);
  if (hasWildNumber) refuseInfinity(value);
  return value;
}

function parse(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`the body is not valid JSON: ${error.message}`);
    throw error;
  }
}

/** Also true for `"\u005f_proto__"`, which is the same key. */
function mayHaveProtoKey(text: string): boolean {
  return text.includes("__proto__") || (text.includes("\\u") && /\\u00[567]/i.test(text));
}

function refuseProtoKey(key: string, value: unknown): unknown {
  if (key === "__proto__") throw badRequest('the key "__proto__" is not allowed');
  return value;
}

function mayHaveExponent(text: string): boolean {
  return text.length > LONG_NUMBER_DIGITS || /\d[eE]/.test(text);
}

/** Looks at the text outside strings. Returns true when a number in it may be too large for a double. */
function checkShape(text: string): boolean {
  let depth = 0;
  let digits = 0;
  let isWild = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index);
      digits = 0;
    } else if (code >= ZERO && code <= NINE) {
      if (++digits > LONG_NUMBER_DIGITS) isWild = true;
    } else {
      if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        if (++depth > DEPTH_MAX) throw badRequest(`the body nests deeper than ${DEPTH_MAX} levels`);
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        depth--;
      } else if (digits > 0 && (code === LOWER_E || code === UPPER_E)) {
        isWild = true;
      }
      digits = 0;
    }
  }
  return isWild;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

function refuseInfinity(value: unknown): void {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw badRequest("the body has a number that is out of range");
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) refuseInfinity(member);
  }
}

/**
 * Paths of keys that stand twice in one object, such as `spec.replicas`. The text must be valid JSON.
 * JSON.parse keeps the last of them without a word; kubectl's users are told.
 */
export function duplicateKeys(text: string): string[] {
  const duplicates: string[] = [];
  const stack: { readonly path: string; readonly keys: Set<string> | undefined; index: number }[] = [];
  let key = "";
  const childPath = (): string => {
    const parent = stack[stack.length - 1];
    if (parent === undefined) return "";
    if (parent.keys === undefined) return `${parent.path}[${parent.index}]`;
    return parent.path === "" ? key : `${parent.path}.${key}`;
  };
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const top = stack[stack.length - 1];
    if (code === QUOTE) {
      const end = endOfString(text, index);
      if (top?.keys !== undefined && isKeyEnd(text, end)) {
        key = JSON.parse(text.slice(index, end + 1)) as string;
        if (top.keys.has(key)) duplicates.push(childPath());
        top.keys.add(key);
      }
      index = end;
    } else if (code === OPEN_BRACE) stack.push({ path: childPath(), keys: new Set(), index: 0 });
    else if (code === OPEN_BRACKET) stack.push({ path: childPath(), keys: undefined, index: 0 });
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) stack.pop();
    else if (code === COMMA && top !== undefined) top.index++;
  }
  return duplicates;
}

const COMMA = 0x2c;
const COLON = 0x3a;

function isKeyEnd(text: string, end: number): boolean {
  let next = end + 1;
  while (text.charCodeAt(next) <= 0x20) next++;
  return text.charCodeAt(next) === COLON;
}
