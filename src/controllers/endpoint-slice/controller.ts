import type { Controller } from "../controller.ts";
import { EndpointSliceLoop } from "./endpoint-slice-loop.ts";

/** Writes down which addresses stand behind a service. */
export const endpointSlice: Controller = {
  name: "endpoint-slice",
  summary: "lists the pods behind every service with a selector, with their readiness",
  async start(context) {
    const loop = new EndpointSliceLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
