import type { Controller } from "../controller.ts";
import { EndpointSliceLoop } from "./endpoint-slice-loop.ts";

/** Writes down which addresses stand behind a service. */
export const endpointSlice: Controller = {
  name: "endpoint-slice",
  async start(context) {
    const loop = new EndpointSliceLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
