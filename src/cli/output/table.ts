import Table from "cli-table3";
import { plainColumns } from "./plain-columns.ts";

/** From so many rows on the plain writer is used: cli-table3 takes a quarter of a millisecond a row. */
const ROWS_FOR_PLAIN = 1_000;

/** A borderless table, columns three spaces apart as kubectl has them; nothing is ever cut off. */
export function renderTable(
  header: readonly string[] | undefined,
  rows: readonly (readonly string[])[],
): string {
  if (rows.length > ROWS_FOR_PLAIN) return plainColumns(header, rows);
  const table = new Table({
    chars: BORDERLESS,
    // No colours of its own: cli-table3 would paint pipes, too.
    style: { head: [], border: [], "padding-left": 0, "padding-right": 3 },
  });
  if (header !== undefined) table.push([...header]);
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

const BORDERLESS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
