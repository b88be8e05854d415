import { stripVTControlCharacters } from "node:util";

/** Columns three spaces apart; the fast writer for long lists and for rows that are printed as they come. */
export function plainColumns(
  header: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
): string {
  const lines = header === undefined ? rows : [header, ...rows];
  return alignedLines(lines, columnWidths(lines)).join("\n");
}

/** The width of each column, colours not counted. */
export function columnWidths(lines: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const line of lines) {
    for (let column = 0; column < line.length; column++) {
      const width = visibleLength(line[column] as string);
      if (width > (widths[column] ?? 0)) widths[column] = width;
    }
  }
  return widths;
}

/** Pads the cells to the given widths; wider cells push the rest of their line. */
export function alignedLines(lines: readonly (readonly string[])[], widths: readonly number[]): string[] {
  return lines.map((line) => {
    let text = "";
    for (let column = 0; column < line.length; column++) {
      const cell = line[column] as string;
      const padding = (widths[column] ?? 0) - visibleLength(cell);
      text += column === line.length - 1 ? cell : `${cell}${" ".repeat(Math.max(0, padding) + 3)}`;
    }
    return text.trimEnd();
  });
}

function visibleLength(cell: string): number {
  return cell.includes("\u001b") ? stripVTControlCharacters(cell).length : cell.length;
}
