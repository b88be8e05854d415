import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { CommandContext } from "../command.ts";
import { objectName, printObject, printObjects } from "./print.ts";

/** More lines than this are summed up in one. */
const MOST_LINES = 20;

/** `node/node-1 created`, one line each or summed up; the objects themselves with -o json, yaml, jsonl, wide. */
export async function printCreated<T extends KubeObject>(
  context: CommandContext,
  kind: Kind<T>,
  objects: readonly T[],
): Promise<void> {
  await printChanged(context, kind, objects, "created");
}

/** As `printCreated`, for whatever was done to the objects. */
export async function printChanged<T extends KubeObject>(
  context: CommandContext,
  kind: Kind<T>,
  objects: readonly T[],
  done: string,
): Promise<void> {
  const { io, globals } = context;
  const [first] = objects;
  if (globals.output !== "table") {
    if (objects.length === 1) await printObject(context, kind, first as T);
    else await printObjects(context, kind, objects);
    return;
  }
  if (objects.length > MOST_LINES) {
    const names = `${first?.metadata.name} … ${objects.at(-1)?.metadata.name}`;
    io.result(`${objects.length} ${kind.plural} ${done}: ${names}`);
    return;
  }
  for (const object of objects) io.result(`${objectName(kind, object)} ${done}`);
}
