import type { Environment } from "@marcbachmann/cel-js";

/** A version by semantic versioning; what is built does not count when two are compared. */
class Semver {
  readonly numbers: readonly bigint[];
  readonly before: readonly string[];

  constructor(numbers: readonly bigint[], before: readonly string[]) {
    this.numbers = numbers;
    this.before = before;
  }
}

const NUMBER = "(0|[1-9]\\d*)";
const IDENTIFIER = "(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)";
const SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?` +
    "(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$",
);
const LONGEST = 1_000;

/** Kubernetes' functions on versions: semver, isSemver, parts and comparisons. */
export function registerVersions(environment: Environment): void {
  environment.registerType("Semver", Semver);
  environment.registerFunction("isSemver(string): bool", (text: string) => parse(text) !== undefined);
  environment.registerFunction("isSemver(string, bool): bool", (text: string, loose: boolean) => {
    return parse(loose ? normalized(text) : text) !== undefined;
  });
  environment.registerFunction("semver(string): Semver", versionOf);
  environment.registerFunction("semver(string, bool): Semver", (text: string, loose: boolean) =>
    versionOf(loose ? normalized(text) : text),
  );
  for (const [index, name] of ["major", "minor", "patch"].entries()) {
    environment.registerFunction(`Semver.${name}(): int`, ({ numbers }: Semver) => numbers[index] as bigint);
  }
  const answer = (name: string, isSo: (order: number) => boolean) =>
    environment.registerFunction(`Semver.${name}(Semver): bool`, (one: Semver, other: Semver) =>
      isSo(compare(one, other)),
    );
  answer("isGreaterThan", (order) => order > 0);
  answer("isLessThan", (order) => order < 0);
  environment.registerFunction("Semver.compareTo(Semver): int", (one: Semver, other: Semver) =>
    BigInt(compare(one, other)),
  );
  environment.registerOperator("Semver == Semver", (one: Semver, other: Semver) => compare(one, other) === 0);
}

function parse(text: string): Semver | undefined {
  const [, major, minor, patch, before] = (text.length <= LONGEST && SEMVER.exec(text)) || [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return new Semver([major, minor, patch].map(BigInt), before?.split(".") ?? []);
}

function versionOf(text: string): Semver {
  const version = parse(text);
  if (version === undefined) throw new Error(`semver parse error: ${JSON.stringify(text.slice(0, 100))}`);
  return version;
}

/** `v1.0` and `01` are `1.0.0`: without the v, with all three numbers, and without leading zeros. */
function normalized(text: string): string {
  const [, numbers = "", rest = ""] = /^v?([\d.]*)(.*)$/s.exec(text) ?? [];
  const parts = numbers.split(".").map((part) => part.replace(/^0+(?=\d)/, ""));
  while (parts.length < 3 && rest === "") parts.push("0");
  return parts.join(".") + rest;
}

function compare(one: Semver, other: Semver): number {
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] as bigint);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
  }
  // What comes before a version is less than the version.
  if (one.before.length === 0 || other.before.length === 0) {
    return Math.sign(other.before.length - one.before.length);
  }
  for (let index = 0; index < Math.max(one.before.length, other.before.length); index++) {
    const order = compareIdentifiers(one.before[index], other.before[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by their value and before words; what has no more identifiers comes first. */
function compareIdentifiers(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0;
  if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber) return BigInt(one) < BigInt(other) ? -1 : 1;
  return one < other ? -1 : 1;
}
