import type { Controller } from "../controller.ts";
import { EventRetentionLoop } from "./event-retention-loop.ts";

/** Lets Events go after an hour, and the oldest when there are too many. */
export const eventRetention: Controller = {
  name: "event-retention",
  async start(context) {
    const loop = new EventRetentionLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
