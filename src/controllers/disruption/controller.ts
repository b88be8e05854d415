import type { Controller } from "../controller.ts";
import { DisruptionLoop } from "./disruption-loop.ts";

/** Says how many pods of every disruption budget may be evicted now. */
export const disruption: Controller = {
  name: "disruption",
  async start(context) {
    const loop = new DisruptionLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
