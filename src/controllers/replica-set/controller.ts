import type { Controller } from "../controller.ts";
import { ReplicaSetLoop } from "./replica-set-loop.ts";

/** Keeps as many pods of a template as a ReplicaSet asks for. */
export const replicaSet: Controller = {
  name: "replica-set",
  async start(context) {
    const loop = new ReplicaSetLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
