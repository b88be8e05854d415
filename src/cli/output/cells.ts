import type { Column, Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/meta.ts";
import { formatAge } from "../../lib/duration.ts";

/** What a table of objects shows. */
export interface TableView {
  readonly wide: boolean;
  /** NAMESPACE first, for lists over all namespaces. */
  readonly withNamespace: boolean;
  /** ms since the epoch, for ages. */
  readonly now: number;
}

/** `NAME STATUS ... AGE` of a kind. */
export function headerOf<T extends KubeObject>(kind: Kind<T>, view: TableView): string[] {
  const own = shownColumns(kind, view).map((column) => column.name.toUpperCase());
  return [...(view.withNamespace ? ["NAMESPACE"] : []), "NAME", ...own, "AGE"];
}

/** One object's cells under `headerOf`. */
export function cellsOf<T extends KubeObject>(kind: Kind<T>, object: T, view: TableView): string[] {
  const own = shownColumns(kind, view).map((column) => cellText(column.cell(object, view.now)));
  const { name, namespace, creationTimestamp } = object.metadata;
  const age = formatAge(view.now - Date.parse(creationTimestamp));
  return [...(view.withNamespace ? [namespace ?? "<none>"] : []), name, ...own, age];
}

function shownColumns<T extends KubeObject>(kind: Kind<T>, view: TableView): readonly Column<T>[] {
  return kind.columns.filter((column) => column.priority === 0 || view.wide);
}

function cellText(value: string | number | boolean): string {
  const text = String(value);
  return text === "" ? "<none>" : text;
}
