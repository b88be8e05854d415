import { counted } from "../../lib/counted.ts";
import { FileFault } from "../../lib/file-fault.ts";

/** A line of a CSV file, its cells by column name. */
export interface CsvRow {
  /** From 1, the header being line 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A CSV file with a header line. */
export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

/**
 * Reads CSV (RFC 4180: quotes, doubled quotes, CRLF). Blank lines are skipped; every row has as many cells as the
 * header.
 */
export function readCsv(file: string, text: string): CsvTable {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const header = splitLine(file, lines[0] ?? "", 1);
  const rows: CsvRow[] = [];
  for (let index = 1; index < lines.length; index++) {
    const text = lines[index] as string;
    if (text.trim() === "") continue;
    const cells = text.includes('"') ? splitLine(file, text, index + 1) : text.split(",");
    if (cells.length !== header.length) {
      const column = Math.min(cells.length, header.length);
      throw new FileFault(file, index + 1, columnOf(cells, column), wrongCount(cells.length, header.length));
    }
    rows.push({ line: index + 1, cells });
  }
  return { header, rows };
}

/** Where a cell begins, in letters from 1. */
export function columnOf(cells: readonly string[], cell: number): number {
  let at = 1;
  for (let index = 0; index < cell; index++) at += (cells[index] as string).length + 1;
  return at;
}

function wrongCount(found: number, expected: number): string {
  return `has ${counted(found, "cell")}, the header ${expected}`;
}

function splitLine(file: string, text: string, line: number): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const cell = quotedCell(file, text, line, at);
      cells.push(cell.value);
      at = cell.end;
    } else {
      const comma = text.indexOf(",", at);
      const end = comma < 0 ? text.length : comma;
      cells.push(text.slice(at, end));
      at = end;
    }
    if (at >= text.length) return cells;
    if (text[at] !== ",") throw new FileFault(file, line, at + 1, "has letters behind a closing quote");
    at++;
  }
}

function quotedCell(file: string, text: string, line: number, start: number): { value: string; end: number } {
  let value = "";
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new FileFault(file, line, start + 1, "has a quote that is never closed");
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}
