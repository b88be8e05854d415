import type { Controller } from "../controller.ts";
import { StatefulSetLoop } from "./stateful-set-loop.ts";

/** Makes, replaces and removes the numbered pods of StatefulSets in their order. */
export const statefulSet: Controller = {
  name: "stateful-set",
  async start(context) {
    const loop = new StatefulSetLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
