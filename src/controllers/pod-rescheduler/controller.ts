import type { Controller } from "../controller.ts";
import { PodReschedulerLoop } from "./pod-rescheduler-loop.ts";

/** Re-creates bare pods that have to leave their node, under their own name and with their place in the queue. */
export const podRescheduler: Controller = {
  name: "pod-rescheduler",
  async start(context) {
    const loop = new PodReschedulerLoop(context);
    loop.start();
    return { stop: () => loop.stop() };
  },
};
