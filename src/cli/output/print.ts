import type { Column, Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { CommandContext } from "../command.ts";
import { cellsOf, headerOf, type TableView } from "./cells.ts";

/** How a list is printed. */
export interface PrintOptions<T extends KubeObject> {
  readonly allNamespaces?: boolean;
  /** Other columns than the kind's. */
  readonly columns?: readonly Column<T>[];
}

/** Prints objects of one kind in the format that was asked for; an empty list says so on stderr, as kubectl does. */
export async function printObjects<T extends KubeObject>(
  context: CommandContext,
  kind: Kind<T>,
  objects: readonly T[],
  options: PrintOptions<T> = {},
): Promise<void> {
  const { io, globals, time } = context;
  if (globals.output === "table" || globals.output === "wide" || globals.output === "csv") {
    if (objects.length === 0) {
      const where = kind.namespaced && !options.allNamespaces ? ` in namespace "${globals.namespace}"` : "";
      io.note(`No ${kind.plural} found${where}`);
      return;
    }
    const view: TableView = {
      wide: globals.output === "wide",
      withNamespace: options.allNamespaces === true && kind.namespaced,
      now: time.now(),
    };
    const columns = options.columns ?? kind.columns;
    const rows = objects.map((object) => cellsOf(columns, object, view));
    await printTable(context, headerOf(columns, view), rows);
    return;
  }
  if (globals.output === "name") {
    for (const object of objects) io.result(objectName(kind, object));
    return;
  }
  if (globals.output === "jsonl") {
    for (const object of objects) io.result(JSON.stringify(object));
    return;
  }
  await printValue(context, {
    apiVersion: "v1",
    items: objects,
    kind: "List",
    metadata: { resourceVersion: "" },
  });
}

/** Prints one object: a one-row table, or the object itself. */
export async function printObject<T extends KubeObject>(
  context: CommandContext,
  kind: Kind<T>,
  object: T,
): Promise<void> {
  const { output } = context.globals;
  if (output === "json" || output === "yaml") await printValue(context, object);
  else await printObjects(context, kind, [object]);
}

/** Prints any value as JSON, YAML or one JSON line; the answer of commands whose result is no Kubernetes object. */
export async function printValue(context: CommandContext, value: unknown): Promise<void> {
  const { io, globals } = context;
  if (globals.output === "yaml") {
    const { stringify } = await import("yaml");
    io.stdout.write(stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }));
  } else {
    io.result(JSON.stringify(value, null, globals.output === "jsonl" ? 0 : 4));
  }
}

/** Prints a table (or CSV), without its header when --no-headers was given. */
export async function printTable(
  { io, globals }: CommandContext,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  if (globals.output === "csv") {
    const lines = globals.headers ? [header, ...rows] : rows;
    for (const line of lines) io.result(line.map(csvCell).join(","));
    return;
  }
  const { renderTable } = await import("./table.ts");
  io.result(renderTable(globals.headers ? header : undefined, rows));
}

/** A cell as RFC 4180 has it. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `pod/web`: how kubectl names an object. */
export function objectName(kind: Pick<Kind, "group" | "singular">, object: KubeObject): string {
  const noun = kind.group === "" ? kind.singular : `${kind.singular}.${kind.group}`;
  return `${noun}/${object.metadata.name}`;
}
