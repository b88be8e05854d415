import type { Controller } from "../controller.ts";
import { GarbageCollectionLoop } from "./garbage-collection-loop.ts";

/** Deletes what belongs to owners that are gone, or lets it go first: background, foreground and orphan. */
export const garbageCollection: Controller = {
  name: "garbage-collection",
  async start(context) {
    const loop = new GarbageCollectionLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
