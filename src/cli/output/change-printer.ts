import type { Column, Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { CommandContext } from "../command.ts";
import type { Change } from "../follow.ts";
import { cellsOf, type TableView } from "./cells.ts";
import { alignedLines, columnWidths } from "./plain-columns.ts";
import { objectName } from "./print.ts";

/** Room that columns get beyond the first rows', so that later rows seldom break the table. */
const NARROWEST = 8;

/** Prints changes as they come: table rows, names, or one JSON line each. */
export class ChangePrinter<T extends KubeObject> {
  readonly #context: CommandContext;
  readonly #kind: Kind<T>;
  readonly #columns: readonly Column<T>[];
  readonly #view: TableView;
  #header: readonly string[] | undefined;
  #widths: number[] = [];

  constructor(context: CommandContext, kind: Kind<T>, columns: readonly Column<T>[], view: TableView) {
    this.#context = context;
    this.#kind = kind;
    this.#columns = columns;
    this.#view = view;
  }

  /** To be printed with the first rows. */
  header(cells: readonly string[]): void {
    if (this.#context.globals.headers) this.#header = cells;
    this.#widths = cells.map((cell) => Math.max(cell.length, NARROWEST));
  }

  print(changes: readonly Change<T>[]): void {
    const { io, globals } = this.#context;
    if (globals.output === "table" || globals.output === "wide") {
      this.#printRows(changes);
      return;
    }
    for (const change of changes) {
      if (globals.output === "name") io.result(objectName(this.#kind, change.object));
      else io.result(JSON.stringify({ type: change.type, object: change.object }));
    }
  }

  #printRows(changes: readonly Change<T>[]): void {
    const view = { ...this.#view, now: this.#context.time.now() };
    const rows = changes.map(({ type, object }) => {
      const cells = cellsOf(this.#columns, object, view);
      return type === "DELETED" ? markDeleted(cells, view) : cells;
    });
    if (rows.length === 0) return;
    const wanted = columnWidths(rows);
    this.#widths = this.#widths.map((width, column) => Math.max(width, wanted[column] ?? 0));
    const lines = this.#header === undefined ? rows : [this.#header, ...rows];
    this.#header = undefined;
    for (const line of alignedLines(lines, this.#widths)) this.#context.io.result(line);
  }
}

/** A row says nothing about its object's end by itself. */
function markDeleted(cells: readonly string[], view: TableView): string[] {
  const name = view.withNamespace ? 1 : 0;
  return cells.map((cell, column) => (column === name ? `${cell} (deleted)` : cell));
}
