/** What is known of an operand of a call: the largest size it may have, and that of the items or entries within. */
export interface Sized {
  readonly size: number;
  readonly entry: number;
  /** Its type in CEL. */
  readonly type: string;
}

/** What a call costs at most beside its operands, and how large its result may be, where that is known. */
interface CallEstimate {
  readonly cost: number;
  readonly size?: number;
}

type Estimate = (target: Sized | undefined, given: readonly Sized[]) => CallEstimate | undefined;

/** Looking at a character costs a tenth of a step, and one of a pattern a quarter. */
const CHARACTER = 0.1;
const PATTERN_CHARACTER = 0.25;

/** Steps for looking through so many characters. */
export function traversal(characters: number, times = 1): number {
  return Math.ceil(characters * CHARACTER * times);
}

/** The product of two amounts of which one may have no bound: nothing times anything is nothing. */
export function times(one: number, other: number): number {
  return one === 0 || other === 0 ? 0 : one * other;
}

const ofTarget: Estimate = (target) => target && { cost: traversal(target.size), size: target.size };

const throughList: Estimate = (target) => {
  if (target === undefined) return undefined;
  if (!target.type.startsWith("list")) return { cost: traversal(target.size) };
  const isText = /^list<(string|bytes)>$/.test(target.type);
  return { cost: times(target.size, 1 + (isText ? traversal(target.entry) : 0)) };
};

const byPattern: Estimate = (target, [pattern]) => {
  if (target === undefined || pattern === undefined) return undefined;
  const cost = times(traversal(target.size + 1), Math.ceil(pattern.size * PATTERN_CHARACTER));
  return { cost, size: target.size };
};

const ofGiven: Estimate = (_target, [given]) => given && { cost: traversal(given.size) };

const replace: Estimate = (target, [from, to]) => {
  if (target === undefined || from === undefined || to === undefined) return undefined;
  // The text that is replaced may be empty, so that there is a replacement beside every character.
  return { cost: traversal(target.size, 2), size: times(target.size + 1, to.size) + target.size };
};

const join: Estimate = (target, [between]) => {
  if (target === undefined) return undefined;
  const separators = between === undefined ? 0 : times(Math.max(0, target.size - 1), between.size);
  const size = times(target.size, target.entry) + separators;
  return { cost: traversal(size), size };
};

const contains: Estimate = (target, [part]) =>
  target && part && { cost: times(traversal(target.size), traversal(part.size)) };

const sets =
  (factor: number): Estimate =>
  (_target, [one, other]) =>
    one && other && { cost: Math.ceil(times(one.size, other.size) * factor) + 1 };

const NOMINAL: Estimate = () => ({ cost: 1 });

/** Functions that cost more than a step (apiserver/pkg/cel/library/cost.go, cel-go's checker/cost.go). */
const ESTIMATES: ReadonlyMap<string, Estimate> = new Map<string, Estimate>([
  ...["isSorted", "sum", "max", "min", "indexOf", "lastIndexOf"].map((name) => [name, throughList] as const),
  ...["lowerAscii", "upperAscii", "substring", "trim"].map((name) => [name, ofTarget] as const),
  ["url", ofGiven],
  ["startsWith", ofGiven],
  ["endsWith", ofGiven],
  [
    "format",
    (target, [list]) => target && { cost: traversal(target.size), size: target.size + (list?.size ?? 0) },
  ],
  ["replace", replace],
  ["split", (target) => target && { cost: traversal(target.size, 2), size: target.size }],
  ["join", join],
  ["boundedJoin", join],
  ["find", byPattern],
  ["findAll", byPattern],
  [
    "matches",
    (target, given) => withoutSize(target ? byPattern(target, given) : byPattern(given[0], given.slice(1))),
  ],
  ["boundedMatches", (target, given) => withoutSize(byPattern(target, given))],
  ["contains", contains],
  ["sets.contains", sets(1)],
  ["sets.intersects", sets(1)],
  ["sets.equivalent", sets(2)],
  ["containsIP", () => ({ cost: 4 })],
  ["containsCIDR", () => ({ cost: 7 })],
  ["dyn", (_target, [given]) => ({ cost: 1, size: given?.size ?? Number.POSITIVE_INFINITY })],
]);

function withoutSize(estimate: CallEstimate | undefined): CallEstimate | undefined {
  return estimate && { cost: estimate.cost };
}

/** @param name with the namespace before it, of functions that have one: `sets.contains` */
export function estimateCall(name: string, target: Sized | undefined, given: readonly Sized[]): CallEstimate {
  return (ESTIMATES.get(name) ?? NOMINAL)(target, given) ?? { cost: 1 };
}
