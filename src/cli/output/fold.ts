import { stripVTControlCharacters } from "node:util";

/** Joins parts by ` · `; where the width ends, the next part begins a new line. */
export function fold(parts: readonly string[], width: number): string {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)} · ${part}`;
    if (lines.length > 0 && stripVTControlCharacters(longer).length <= width)
      lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.join("\n");
}
