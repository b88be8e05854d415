import type { Column, Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/meta.ts";

/** What a table of objects shows. */
export interface TableView {
  readonly wide: boolean;
  /** NAMESPACE first, for lists over all namespaces. */
  readonly withNamespace: boolean;
  /** ms since the epoch, for ages. */
  readonly now: number;
}

/** `NAME STATUS ... AGE` of some columns. */
export function headerOf<T extends KubeObject>(columns: readonly Column<T>[], view: TableView): string[] {
  const names = shown(columns, view).map((column) => column.name.toUpperCase());
  return view.withNamespace ? ["NAMESPACE", ...names] : names;
}

/** One object's cells under `headerOf`. */
export function cellsOf<T extends KubeObject>(
  columns: readonly Column<T>[],
  object: T,
  view: TableView,
): string[] {
  const cells = shown(columns, view).map((column) => String(column.cell(object, view.now)) || "<none>");
  return view.withNamespace ? [object.metadata.namespace ?? "<none>", ...cells] : cells;
}

/**
 * kubesim's own table of a kind: Kubernetes' columns, some of the wide ones moved forward to stand before Age.
 */
export function withForwarded<T extends KubeObject>(
  kind: Kind<T>,
  names: readonly string[],
): readonly Column<T>[] {
  const forwarded = kind.columns.filter((column) => names.includes(column.name));
  const rest = kind.columns.filter((column) => !names.includes(column.name));
  const age = rest.findIndex((column) => column.name === "Age");
  const at = age < 0 ? rest.length : age;
  return [
    ...rest.slice(0, at),
    ...forwarded.map((column) => ({ ...column, priority: 0 as const })),
    ...rest.slice(at),
  ];
}

function shown<T extends KubeObject>(columns: readonly Column<T>[], view: TableView): readonly Column<T>[] {
  return columns.filter((column) => column.priority === 0 || view.wide);
}
