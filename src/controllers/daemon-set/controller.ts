import type { Controller } from "../controller.ts";
import { DaemonSetLoop } from "./daemon-set-loop.ts";

/** Keeps one pod of a DaemonSet on every node that can have it. */
export const daemonSet: Controller = {
  name: "daemon-set",
  async start(context) {
    const loop = new DaemonSetLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
