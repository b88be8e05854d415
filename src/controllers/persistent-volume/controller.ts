import type { Controller } from "../controller.ts";
import { PersistentVolumeLoop } from "./persistent-volume-loop.ts";

/** Brings claims and volumes together, makes volumes, and says what becomes of those whose claim is gone. */
export const persistentVolume: Controller = {
  name: "persistent-volume",
  async start(context) {
    const loop = new PersistentVolumeLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
