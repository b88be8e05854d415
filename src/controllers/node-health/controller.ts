import type { Controller } from "../controller.ts";
import { NodeHealthLoop } from "./node-health-loop.ts";

/** Notices silent nodes, says so in conditions, taints and events, and starts the eviction of their pods. */
export const nodeHealth: Controller = {
  name: "node-health",
  async start(context) {
    const loop = new NodeHealthLoop(context);
    loop.start();
    return { stop: () => loop.stop() };
  },
};
