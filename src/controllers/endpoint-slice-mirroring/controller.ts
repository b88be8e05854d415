import type { Controller } from "../controller.ts";
import { MirroringLoop } from "./mirroring-loop.ts";

/** Says in EndpointSlices what somebody has written into the Endpoints of a service without a selector. */
export const endpointSliceMirroring: Controller = {
  name: "endpoint-slice-mirroring",
  async start(context) {
    const loop = new MirroringLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
