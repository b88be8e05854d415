import { isReason } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { Objects, Selection, WatchEvent } from "../api/objects.ts";
import { listAll } from "./list-all.ts";

/** What is told of a followed list. */
export interface Follower<T extends KubeObject> {
  /** The list as it is now: first, and again when the watch had to start anew. */
  listed(items: readonly T[]): Promise<void> | void;
  changed(batch: readonly Change<T>[]): void;
}

/** A change of one object. */
export type Change<T extends KubeObject> = Exclude<WatchEvent<T>, { type: "BOOKMARK" }>;

/** Lists and watches until the signal aborts; fails when the server goes away. */
export async function follow<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  selection: Selection,
  signal: AbortSignal,
  follower: Follower<T>,
): Promise<void> {
  while (!signal.aborted) {
    const list = await listAll(objects, kind, selection);
    await follower.listed(list.items);
    await watchFrom(objects, kind, { ...selection, resourceVersion: list.resourceVersion }, signal, follower);
  }
}

function watchFrom<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  options: Selection & { readonly resourceVersion: string },
  signal: AbortSignal,
  follower: Follower<T>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const watch = objects.watch(kind, options, {
      events: (batch) => follower.changed(batch.filter((event) => event.type !== "BOOKMARK")),
      closed: (error) => {
        signal.removeEventListener("abort", stop);
        if (error === undefined || isReason(error, "Expired") || isReason(error, "Gone")) resolve();
        else reject(error);
      },
    });
    const stop = () => {
      watch.close();
      resolve();
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
