import type { Controller } from "../controller.ts";
import { EphemeralVolumeLoop } from "./ephemeral-volume-loop.ts";

/** Makes the claims of volumes that live and die with their pod. */
export const ephemeralVolume: Controller = {
  name: "ephemeral-volume",
  async start(context) {
    const loop = new EphemeralVolumeLoop(context);
    loop.start();
    return { stop: () => loop.stop() };
  },
};
