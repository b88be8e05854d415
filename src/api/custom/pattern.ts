import type { RE2JS } from "re2js";

/** Whether a text has a match of the pattern somewhere in it. */
export type Pattern = (text: string) => boolean;

let engine: typeof RE2JS | undefined;

/**
 * Loads the engine for patterns. It reads Go's syntax and takes time linear in the text whatever the pattern, as a
 * pattern comes from outside; those of JavaScript can take for ever.
 */
export async function loadPatterns(): Promise<void> {
  if (engine === undefined) ({ RE2JS: engine } = await import("re2js"));
}

/** @throws Error in the words of Go's regexp for what is no pattern. `loadPatterns` must have been awaited. */
export function compilePattern(pattern: string): Pattern {
  if (engine === undefined) throw new Error("the engine for patterns is not loaded");
  const compiled = engine.compile(pattern);
  return (text) => compiled.matcher(text).find();
}

/**
 * The matches of a pattern in a text, from the left, none within another.
 * @param limit the most that are given; all when it is negative
 * @throws Error as `compilePattern`
 */
export function findPattern(pattern: string, text: string, limit: number): readonly string[] {
  if (engine === undefined) throw new Error("the engine for patterns is not loaded");
  const matcher = engine.compile(pattern).matcher(text);
  const found: string[] = [];
  while ((limit < 0 || found.length < limit) && matcher.find()) found.push(matcher.group() ?? "");
  return found;
}
