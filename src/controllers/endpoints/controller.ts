import type { Controller } from "../controller.ts";
import { EndpointsLoop } from "./endpoints-loop.ts";

/** Keeps an Endpoints object beside every service that has EndpointSlices, for clients that know no slices. */
export const endpointsMirror: Controller = {
  name: "endpoints",
  async start(context) {
    const loop = new EndpointsLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
