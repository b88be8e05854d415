import type { Controller } from "../controller.ts";
import { AutoscalerLoop } from "./autoscaler-loop.ts";

/** Scales workloads by what their pods use. */
export const horizontalPodAutoscaler: Controller = {
  name: "horizontal-pod-autoscaler",
  async start(context) {
    const loop = new AutoscalerLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
