import type { Column, Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { Objects, Selection } from "../../api/objects.ts";
import { parseFieldSelector } from "../../api/selector.ts";
import type { CommandContext, CommandInput, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { follow } from "../follow.ts";
import { listAll } from "../list-all.ts";
import { headerOf, withForwarded } from "../output/cells.ts";
import { ChangePrinter } from "../output/change-printer.ts";
import { printObjects } from "../output/print.ts";

/** Wide columns of Kubernetes that kubesim's own tables always show. */
const FORWARDED: Readonly<Record<string, readonly string[]>> = { Pod: ["Node"] };

/** Makes the run of a list command: selectors, formats and --watch work alike for all kinds. */
export function listing<T extends KubeObject>(kind: Kind<T>): CommandRun {
  return (context, input) =>
    withCluster(context, async ({ objects }) => {
      const columns = withForwarded(kind, FORWARDED[kind.kind] ?? []);
      const selection = selectionOf(context, kind, input);
      if (input.watch === true) return watchList(context, objects, kind, columns, selection);
      const { items } = await listAll(objects, kind, selection);
      await printObjects(context, kind, items, { allNamespaces: selection.namespace === undefined, columns });
    });
}

/** Namespace and selectors of the command line. */
export function selectionOf<T extends KubeObject>(
  { globals }: CommandContext,
  kind: Kind<T>,
  input: CommandInput,
): Selection {
  const { selector, fieldSelector } = input as { selector?: string; fieldSelector?: string };
  if (fieldSelector !== undefined) requireFieldSelector(kind, fieldSelector);
  return {
    ...(kind.namespaced && input.allNamespaces !== true && { namespace: globals.namespace }),
    ...(selector !== undefined && { labelSelector: selector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
}

/** Fails with the fields that there are when the selector makes no sense for the kind. */
export function requireFieldSelector<T extends KubeObject>(kind: Kind<T>, text: string): void {
  try {
    parseFieldSelector(kind, text);
  } catch (error) {
    const fields = ["metadata.name", ...Object.keys(kind.selectableFields)];
    throw new UsageError(
      `--field-selector "${text}" selects no ${kind.plural}: ${(error as Error).message}`,
      `Fields are ${fields.join(", ")}`,
    );
  }
}

async function watchList<T extends KubeObject>(
  context: CommandContext,
  objects: Objects,
  kind: Kind<T>,
  columns: readonly Column<T>[],
  selection: Selection,
): Promise<void> {
  const view = {
    wide: context.globals.output === "wide",
    withNamespace: kind.namespaced && selection.namespace === undefined,
    now: 0,
  };
  const printer = new ChangePrinter(context, kind, columns, view);
  printer.header(headerOf(columns, view));
  await follow(objects, kind, selection, context.signal, {
    listed: (items) => printer.print(items.map((object) => ({ type: "ADDED", object }))),
    changed: (batch) => printer.print(batch),
  });
}
