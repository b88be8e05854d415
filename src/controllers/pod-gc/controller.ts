import type { Controller } from "../controller.ts";
import { PodGcLoop } from "./pod-gc-loop.ts";

/** Removes pods that nobody else can finish: orphans of removed nodes, and the oldest of too many finished ones. */
export const podGc: Controller = {
  name: "pod-gc",
  async start(context) {
    const loop = new PodGcLoop(context);
    loop.start();
    return { stop: () => loop.stop() };
  },
};
