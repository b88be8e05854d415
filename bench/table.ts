/** One benchmark: prints its own rows; run all with `npm run bench`, one with `npm run bench -- NAME`. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  /** True: it takes so long that each row is printed as soon as it is there. */
  readonly live?: true;
  run(print: (row: readonly string[]) => void): Promise<void>;
}

/** Prints rows in columns, the first left-aligned and the rest right-aligned. */
export function printTable(rows: readonly (readonly string[])[], write: (text: string) => void): void {
  const widths: number[] = [];
  for (const row of rows) widen(widths, row);
  for (const row of rows) write(inColumns(row, widths));
}

/** Prints rows as they come, in columns as wide as what has come so far. */
export function rowPrinter(write: (text: string) => void): (row: readonly string[]) => void {
  const widths: number[] = [];
  return (row) => {
    widen(widths, row);
    write(inColumns(row, widths));
  };
}

function widen(widths: number[], row: readonly string[]): void {
  row.forEach((cell, column) => {
    widths[column] = Math.max(widths[column] ?? 0, cell.length);
  });
}

function inColumns(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) =>
    column === 0 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
  );
  return `  ${cells.join("  ").trimEnd()}\n`;
}

/** `12,345`. */
export function grouped(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}

/** The middle one, or the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
