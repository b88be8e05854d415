import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

export interface SourceFile {
  /** Path from the project's root. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** Every TypeScript file below a folder of the project, tests included. */
export function sourcesBelow(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const text = readFileSync(file, "utf8");
      return { path: relative(ROOT, file), text, lines: text.split("\n") };
    });
}

export function isTest(path: string): boolean {
  return path.startsWith("test/") || path.startsWith("bench/") || /\.test\.ts$/.test(path);
}

export interface Import {
  readonly line: number;
  readonly specifier: string;
}

/** Static and dynamic imports and re-exports. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)["']([^"']+)["']/g;
  for (const match of file.text.matchAll(pattern)) {
    const line = file.text.slice(0, match.index).split("\n").length;
    found.push({ line, specifier: match[1] as string });
  }
  return found;
}
