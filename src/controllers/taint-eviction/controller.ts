import type { Controller } from "../controller.ts";
import { TaintEvictionLoop } from "./taint-eviction-loop.ts";

/** Deletes pods from nodes with NoExecute taints that they do not tolerate, or not that long. */
export const taintEviction: Controller = {
  name: "taint-eviction",
  async start(context) {
    const loop = new TaintEvictionLoop(context);
    loop.start();
    return { stop: () => loop.stop() };
  },
};
