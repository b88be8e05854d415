import type { Controller } from "../controller.ts";
import { DeploymentLoop } from "./deployment-loop.ts";

/** Rolls Deployments out over ReplicaSets, one for every template. */
export const deployment: Controller = {
  name: "deployment",
  async start(context) {
    const loop = new DeploymentLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
