/**
 * Regular expressions over node names, in time proportional to the name whatever the pattern (Thompson's construction,
 * no backtracking), because patterns come from outside.
 *
 * Known: literals, `.`, `[a-z0-9]`, `[^...]`, `\d`, `\w`, `\` before a punctuation mark, `( )`, `|`, `*`, `+`, `?`,
 * `{n}`, `{n,}`, `{n,m}`. A pattern always speaks of the whole name: `node-1` does not match `node-10`; `^` at the
 * start and `$` at the end may be written.
 */
export type NamePattern = (name: string) => boolean;

/** Why a text is no pattern; `column` is 1-based. */
export class PatternError extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = "PatternError";
    this.column = column;
  }
}

/** A pattern may grow to so many states; repeats of repeats multiply. */
const MAX_STATES = 1_000;
const MAX_DEPTH = 50;

/** Compiles a pattern. Throws PatternError. */
export function compileNamePattern(text: string): NamePattern {
  const inner = text.replace(/^\^/, "");
  const offset = text.length - inner.length;
  const parser = new Parser(
    inner.endsWith("$") && !inner.endsWith("\\$") ? inner.slice(0, -1) : inner,
    offset,
  );
  const tree = parser.parse();
  const states: State[] = [];
  const start = build(tree, addState(states, { kind: "accept" }), states);
  return (name) => run(states, start, name);
}

type Tree =
  | { readonly kind: "character"; readonly matches: (code: number) => boolean }
  | { readonly kind: "sequence"; readonly parts: readonly Tree[] }
  | { readonly kind: "choice"; readonly parts: readonly Tree[] }
  | { readonly kind: "repeat"; readonly part: Tree; readonly min: number; readonly max: number };

type State =
  | { readonly kind: "accept" }
  | { readonly kind: "character"; readonly matches: (code: number) => boolean; readonly next: number }
  | { readonly kind: "split"; next: number[] };

/** Adds the states that match the tree and go on to `next`; returns the first. */
function build(tree: Tree, next: number, states: State[]): number {
  switch (tree.kind) {
    case "character":
      return addState(states, { kind: "character", matches: tree.matches, next });
    case "sequence":
      return tree.parts.reduceRight((following, part) => build(part, following, states), next);
    case "choice":
      return addState(states, { kind: "split", next: tree.parts.map((part) => build(part, next, states)) });
    case "repeat":
      return buildRepeat(tree, next, states);
  }
}

function buildRepeat(tree: Extract<Tree, { kind: "repeat" }>, next: number, states: State[]): number {
  let following = next;
  if (tree.max === Number.POSITIVE_INFINITY) {
    const loop = { kind: "split" as const, next: [next] };
    following = addState(states, loop);
    loop.next.push(build(tree.part, following, states));
  } else {
    for (let count = tree.min; count < tree.max; count++) {
      const once = build(tree.part, following, states);
      following = addState(states, { kind: "split", next: [once, next] });
    }
  }
  for (let count = 0; count < tree.min; count++) {
    // A state for each repetition, also of nothing, so that MAX_STATES bounds the work too.
    following = addState(states, { kind: "split", next: [build(tree.part, following, states)] });
  }
  return following;
}

function addState(states: State[], state: State): number {
  if (states.length >= MAX_STATES) throw new PatternError("the pattern repeats too much", 1);
  return states.push(state) - 1;
}

/** Follows all ways at once. */
function run(states: readonly State[], start: number, name: string): boolean {
  let current = new Set<number>();
  reach(states, start, current);
  for (let index = 0; index < name.length && current.size > 0; index++) {
    const code = name.charCodeAt(index);
    const following = new Set<number>();
    for (const number of current) {
      const state = states[number] as State;
      if (state.kind === "character" && state.matches(code)) reach(states, state.next, following);
    }
    current = following;
  }
  return [...current].some((number) => states[number]?.kind === "accept");
}

function reach(states: readonly State[], from: number, reached: Set<number>): void {
  const waiting = [from];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (reached.has(number)) continue;
    reached.add(number);
    const state = states[number] as State;
    if (state.kind === "split") waiting.push(...state.next);
  }
}

const isDigit = (code: number) => code >= 48 && code <= 57;
const isWord = (code: number) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

/** Recursive descent: choice, sequence, repeat, atom. */
class Parser {
  readonly #text: string;
  readonly #offset: number;
  #index = 0;
  #depth = 0;

  constructor(text: string, offset: number) {
    this.#text = text;
    this.#offset = offset;
  }

  parse(): Tree {
    if (this.#text === "") throw this.#error("the pattern is empty");
    const tree = this.#choice();
    if (this.#index < this.#text.length) throw this.#error('")" without "("');
    return tree;
  }

  #choice(): Tree {
    if (++this.#depth > MAX_DEPTH) throw this.#error("brackets are nested too deep");
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    this.#depth--;
    return parts.length === 1 ? (parts[0] as Tree) : { kind: "choice", parts };
  }

  #sequence(): Tree {
    const parts: Tree[] = [];
    while (this.#index < this.#text.length && !"|)".includes(this.#here())) parts.push(this.#repeat());
    return { kind: "sequence", parts };
  }

  #repeat(): Tree {
    const part = this.#atom();
    const bounds = this.#quantifier();
    if (bounds === undefined) return part;
    // Lazy or greedy is one thing here: there is nothing to backtrack.
    this.#take("?");
    if ("*+?{".includes(this.#here() || " ")) throw this.#error("a repeat of a repeat needs brackets");
    return { kind: "repeat", part, ...bounds };
  }

  #quantifier(): { min: number; max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take("?")) return { min: 0, max: 1 };
    return this.#here() === "{" ? this.#bounds() : undefined;
  }

  #bounds(): { min: number; max: number } {
    const match = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(this.#text.slice(this.#index));
    if (match === null) throw this.#error('"{" must be {n}, {n,} or {n,m}');
    const min = Number(match[1]);
    const max =
      match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (max < min) throw this.#error("the second number must not be less than the first");
    this.#index += match[0].length;
    return { min, max };
  }

  #atom(): Tree {
    if (this.#take("(")) {
      const tree = this.#choice();
      if (!this.#take(")")) throw this.#error('"(" without ")"');
      return tree;
    }
    if (this.#take("[")) return { kind: "character", matches: this.#set() };
    if (this.#take(".")) return { kind: "character", matches: () => true };
    if (this.#take("\\")) return { kind: "character", matches: this.#escape() };
    if ("*+?{".includes(this.#here())) throw this.#error(`nothing before "${this.#here()}" to repeat`);
    if ("^$".includes(this.#here())) throw this.#error(`"${this.#here()}" in the middle never matches`);
    return { kind: "character", matches: equals(this.#next()) };
  }

  #escape(): (code: number) => boolean {
    const character = this.#here();
    if (character === "") throw this.#error('"\\" at the end');
    if (/[A-Za-ce-vx-z0-9]/.test(character)) throw this.#error(`"\\${character}" is not known here`);
    this.#index++;
    if (character === "d") return isDigit;
    if (character === "w") return isWord;
    return equals(character);
  }

  #set(): (code: number) => boolean {
    const negated = this.#take("^");
    const tests: ((code: number) => boolean)[] = [];
    while (!this.#take("]")) {
      if (this.#here() === "") throw this.#error('"[" without "]"');
      tests.push(this.#setItem());
    }
    if (tests.length === 0) throw this.#error("an empty [] matches nothing");
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  #setItem(): (code: number) => boolean {
    if (this.#take("\\")) return this.#escape();
    const first = this.#next();
    const ahead = this.#text[this.#index + 1];
    if (this.#here() !== "-" || ahead === undefined || ahead === "]") return equals(first);
    this.#index++;
    const low = first.charCodeAt(0);
    const high = this.#next().charCodeAt(0);
    if (high < low) throw this.#error("the range runs backwards");
    return (code) => code >= low && code <= high;
  }

  #here(): string {
    return this.#text[this.#index] ?? "";
  }

  #next(): string {
    return this.#text[this.#index++] as string;
  }

  #take(character: string): boolean {
    if (this.#here() !== character) return false;
    this.#index++;
    return true;
  }

  #error(message: string): PatternError {
    return new PatternError(message, this.#offset + this.#index + 1);
  }
}

function equals(character: string): (code: number) => boolean {
  const wanted = character.charCodeAt(0);
  return (code) => code === wanted;
}
