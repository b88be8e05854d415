import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isTest, ROOT, type SourceFile, sourcesBelow } from "./source.ts";

const sources = ["src", "test", "bench", "scripts"].flatMap(sourcesBelow);
const product = sources.filter((file) => file.path.startsWith("src/") && !isTest(file.path));

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 60;
const MAX_COLUMNS = 120;

/** Where the machine's own time and chance come in; everybody else is handed a Clock and a Random. */
const TIME_AND_CHANCE = new Set([
  "src/clock/real.ts",
  "src/clock/virtual.ts",
  // What comes before and after all of the program.
  "src/boot/code-store.ts",
  "src/boot/compiled-code.ts",
  "src/cli/process.ts",
  // A token must not be guessed.
  "src/server/authentication/token-signer.ts",
]);
const FORBIDDEN = [
  /\bDate\.now\(/,
  /\bnew Date\(\)/,
  // Not the method of a socket or request.
  /(?<![.#])\bset(Timeout|Interval|Immediate)\(/,
  /\bperformance\.now\(/,
  /\bMath\.random\(/,
  /\brandomUUID\(/,
  /\bWeakRef\b/,
  /\bFinalizationRegistry\b/,
];
const DRAWERS = /\/(utils?|helpers?|common|types|misc|shared)(\.ts$|\/)/;

const AT_THE_TOP = new Set([
  ...["src", "test", "bench", "scripts", "fixtures", "docs"],
  ...["package.json", "package-lock.json", "tsconfig.json", "tsconfig.library.json", "vitest.config.ts"],
  ...["biome.json", "knip.json", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE"],
]);

describe("style", () => {
  it("sees the whole tree", () => {
    expect(sources.length).toBeGreaterThan(60);
  });

  it.skipIf(!existsSync(join(ROOT, ".git")))("nothing lies about at the top", () => {
    const kept = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    const tops = new Set(kept.map((path) => path.split("/")[0] as string));
    expect([...tops].filter((name) => !name.startsWith(".") && !AT_THE_TOP.has(name))).toEqual([]);
  });

  it(`no file is longer than ${MAX_FILE_LINES} lines`, () => {
    const long = sources.filter((file) => file.lines.length > (isTest(file.path) ? 600 : MAX_FILE_LINES));
    expect(long.map((file) => `${file.path}: ${file.lines.length} lines`)).toEqual([]);
  });

  it(`no line is longer than ${MAX_COLUMNS} columns`, () => {
    expect(sources.flatMap((file) => linesWhere(file, (line) => line.length > MAX_COLUMNS))).toEqual([]);
  });

  it(`no function is longer than ${MAX_FUNCTION_LINES} lines`, () => {
    expect(product.flatMap(longFunctions)).toEqual([]);
  });

  it("time and chance are injected", () => {
    const offences = product
      .filter((file) => !TIME_AND_CHANCE.has(file.path))
      .flatMap((file) =>
        linesWhere(file, (line) => !isComment(line) && FORBIDDEN.some((word) => word.test(line))),
      );
    expect(offences).toEqual([]);
  });

  it("no drawer takes whatever has no name", () => {
    expect(sources.filter((file) => DRAWERS.test(file.path)).map((file) => file.path)).toEqual([]);
  });

  it("every exported function and class of the product says what it is", () => {
    expect(product.flatMap(undocumented)).toEqual([]);
  });

  it("nothing is left half done", () => {
    // Assembled from parts so that this file does not catch itself. `skipIf` is for what a machine lacks, and is told.
    const words = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"].join("|");
    const marks = new RegExp(`\\b(${words})\\b|\\b(it|test|describe)\\.(only|skip|todo)\\b`);
    expect(sources.flatMap((file) => linesWhere(file, (line) => marks.test(line)))).toEqual([]);
  });
});

function linesWhere(file: SourceFile, matches: (line: string) => boolean): string[] {
  return file.lines.flatMap((line, index) =>
    matches(line) ? [`${file.path}:${index + 1} ${line.trim()}`] : [],
  );
}

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/?\*)/.test(line);
}

const FUNCTION_START = new RegExp(
  [
    String.raw`^(\s*)(?:export )?(?:default )?(?:static |override |readonly )*(?:async )?`,
    String.raw`(?:function\*? \w+|(?:get |set |\*)?#?\w+\(.*\{$|const \w+ = (?:async )?\(.*=> \{$)`,
  ].join(""),
);

/** Functions and methods by their first and last line; relies on the formatter's indentation. */
function longFunctions(file: SourceFile): string[] {
  return file.lines.flatMap((line, index) => {
    const match = FUNCTION_START.exec(line);
    if (match === null || /^\s*(if|for|while|switch|return|catch|else)\b/.test(line)) return [];
    const end = file.lines.findIndex((other, at) => at > index && other.startsWith(`${match[1]}}`));
    const length = end - index + 1;
    return length > MAX_FUNCTION_LINES ? [`${file.path}:${index + 1} ${length} lines`] : [];
  });
}

/** Exported functions and classes without a docstring; interfaces and constants may speak for themselves. */
function undocumented(file: SourceFile): string[] {
  return file.lines.flatMap((line, index) => {
    if (!/^export (abstract )?(async )?(function|class) /.test(line)) return [];
    const above = file.lines[index - 1]?.trim() ?? "";
    const documented = above.endsWith("*/") || above.startsWith("//");
    return documented ? [] : [`${file.path}:${index + 1} ${line.trim()}`];
  });
}
