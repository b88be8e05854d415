/**
 * Kubernetes quantities: `100m`, `1.5`, `16Gi`, `2e3`. One parser for validation, scheduler and printing.
 *
 * The grammar is that of k8s.io/apimachinery/pkg/api/resource; like there, no quantity is greater than 2^63-1.
 */

/** A quantity's value in base units (cores, bytes, counts), or undefined when the text is none. */
export function parseQuantity(text: string): number | undefined {
  return parsed(text)?.value;
}

/**
 * What the scheduler counts with: cpu in milli, everything else in base units, rounded up to a whole number.
 * A text that is no quantity counts as 0; validation keeps those out of the store.
 */
export function resourceAmount(resource: string, quantityText: string): number {
  const quantity = parsed(quantityText);
  if (quantity === undefined) return 0;
  return resource === "cpu" ? quantity.milli : quantity.whole;
}

/** The opposite of `resourceAmount`, exact and as people write it: `1500m`, `2`, `16Gi`, `1G`, `3`. */
export function formatResource(resource: string, amount: number): string {
  if (resource === "cpu") return amount % 1_000 === 0 ? String(amount / 1_000) : `${amount}m`;
  return isBytes(resource) ? formatBytes(amount) : String(amount);
}

interface Parsed {
  readonly value: number;
  readonly milli: number;
  readonly whole: number;
}

/** Pods of one workload repeat the same few texts, so that parsing is one look-up. */
const cache = new Map<string, Parsed | undefined>();
const CACHED = 4_096;
const LONGEST = 64;
const LARGEST = 2 ** 63;

/** Powers of 1024, of 10, by suffix. */
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL_EXPONENT: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const DECIMAL_SUFFIXES = ["", "k", "M", "G", "T", "P", "E"];
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d{1,3}))?$/;

function parsed(text: string): Parsed | undefined {
  const known = cache.get(text);
  if (known !== undefined || cache.has(text)) return known;
  // Whatever a hostile client sends here is forgotten with the rest when the cache is full.
  if (cache.size >= CACHED) cache.clear();
  const quantity = text.length > LONGEST ? undefined : parse(text);
  cache.set(text, quantity);
  return quantity;
}

/** Whole numbers that a double holds exactly, and thousandths of them: what most quantities are. */
const PLAIN = /^\d{1,12}m?$/;

function parse(text: string): Parsed | undefined {
  if (PLAIN.test(text)) {
    const milli = text.endsWith("m") ? Number(text.slice(0, -1)) : Number(text) * 1_000;
    return { value: milli / 1_000, milli, whole: Math.ceil(milli / 1_000) };
  }
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", binary, decimal, exponent] = match;
  if (whole === "" && fraction === "") return undefined;
  const power = exponent === undefined ? (DECIMAL_EXPONENT[decimal ?? ""] ?? 0) : Number(exponent);
  const exact = {
    digits: BigInt(whole + fraction) << BigInt(10 * Math.max(0, BINARY_SUFFIXES.indexOf(binary ?? ""))),
    power: power - fraction.length,
  };
  const value = toNumber(exact);
  if (value > LARGEST) return undefined;
  const signed = (amount: number): number => (sign === "-" && amount !== 0 ? -amount : amount);
  return {
    value: signed(value),
    milli: signed(roundedUp({ ...exact, power: exact.power + 3 })),
    whole: signed(roundedUp(exact)),
  };
}

/** digits times ten to the power. */
interface Exact {
  readonly digits: bigint;
  readonly power: number;
}

function toNumber({ digits, power }: Exact): number {
  // The text form is rounded correctly by the language, unlike a product of two rounded numbers.
  return Number(`${digits}e${power}`);
}

function roundedUp({ digits, power }: Exact): number {
  if (digits === 0n) return 0;
  if (power >= 0) return toNumber({ digits, power });
  const divisor = 10n ** BigInt(-power);
  return Number((digits + divisor - 1n) / divisor);
}

/**
 * The quantity as Kubernetes writes it: `1000m` as `1`, `1024Mi` as `1Gi`, `0.5` as `500m`. A text that is none, or is
 * too fine or too large to be rewritten, comes back as it is.
 */
export function canonicalQuantity(text: string): string {
  const amount = parseQuantity(text);
  if (amount === undefined || /[eE]\d/.test(text)) return text;
  const isBinary = text.endsWith("i") && Math.abs(amount) >= 1_024;
  if (Number.isSafeInteger(amount)) {
    const inBinary = isBinary ? inUnits(amount, 1_024, BINARY_SUFFIXES) : undefined;
    return inBinary ?? (isBinary ? undefined : inUnits(amount, 1_000, DECIMAL_SUFFIXES)) ?? String(amount);
  }
  const milli = parsed(text)?.milli as number;
  return milli / 1_000 === amount ? `${milli}m` : text;
}

function isBytes(resource: string): boolean {
  return resource === "memory" || resource.endsWith("storage") || resource.startsWith("hugepages-");
}

function formatBytes(amount: number): string {
  return (
    inUnits(amount, 1_024, BINARY_SUFFIXES) ?? inUnits(amount, 1_000, DECIMAL_SUFFIXES) ?? String(amount)
  );
}

/** In the largest unit that leaves a whole number, or undefined when that is the unit itself. */
function inUnits(amount: number, base: number, suffixes: readonly string[]): string | undefined {
  let rest = amount;
  let step = 0;
  while (rest !== 0 && rest % base === 0 && step < suffixes.length - 1) {
    rest /= base;
    step++;
  }
  return step === 0 ? undefined : `${rest}${suffixes[step]}`;
}
