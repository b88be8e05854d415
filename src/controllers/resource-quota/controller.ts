import type { Controller } from "../controller.ts";
import { ResourceQuotaLoop } from "./resource-quota-loop.ts";

/** Says in a quota's status how much of it is used. */
export const resourceQuotaStatus: Controller = {
  name: "resource-quota",
  async start(context) {
    const loop = new ResourceQuotaLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
