import { type Event, events } from "../../api/kinds/event.ts";
import type { Selection } from "../../api/objects.ts";
import type { CommandContext, CommandInput, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { follow } from "../follow.ts";
import { listAll } from "../list-all.ts";
import { headerOf } from "../output/cells.ts";
import { ChangePrinter } from "../output/change-printer.ts";
import { printObjects } from "../output/print.ts";
import { requireFieldSelector } from "./list.ts";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const selection = selectionOf(context, input);
    const limit = input.limit as number | undefined;
    if (input.watch !== true) {
      const { items } = await listAll(objects, events, selection);
      const shown = oldestFirst(items).slice(limit === undefined ? 0 : -limit);
      await printObjects(context, events, shown, { allNamespaces: input.allNamespaces === true });
      return;
    }
    const view = { wide: false, withNamespace: false, now: 0 };
    const printer = new ChangePrinter(context, events, events.columns, view);
    printer.header(headerOf(events.columns, view));
    await follow(objects, events, selection, context.signal, {
      listed: (items) =>
        printer.print(
          oldestFirst(items)
            .slice(limit === undefined ? 0 : -limit)
            .map((object) => ({ type: "ADDED", object })),
        ),
      changed: (batch) => printer.print(batch.filter((change) => change.type !== "DELETED")),
    });
  });

/** Order of happening; equal times in the order they were stored. */
function oldestFirst(items: readonly Event[]): Event[] {
  return [...items].sort((a, b) => {
    const order = timeOf(a) - timeOf(b);
    return order !== 0 ? order : Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion);
  });
}

function timeOf(event: Event): number {
  return Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp);
}

function selectionOf({ globals }: CommandContext, input: CommandInput): Selection {
  const { fieldSelector } = input as { fieldSelector?: string };
  const about = input.for === undefined ? [] : aboutOne(input.for as string);
  if (fieldSelector !== undefined) requireFieldSelector(events, fieldSelector);
  const parts = [...about, ...(fieldSelector === undefined ? [] : [fieldSelector])];
  return {
    ...(input.allNamespaces !== true && { namespace: globals.namespace }),
    ...(parts.length > 0 && { fieldSelector: parts.join(",") }),
  };
}

/** `pod/web` as field selectors. */
function aboutOne(text: string): string[] {
  const match = /^(pods?|nodes?|po|no)\/(.+)$/.exec(text);
  if (match === null)
    throw new UsageError(`--for "${text}" is not an object`, "Write it like pod/web or node/node-1");
  const kind = match[1]?.startsWith("p") ? "Pod" : "Node";
  return [`involvedObject.kind=${kind}`, `involvedObject.name=${match[2]}`];
}
