import type { Controller } from "../controller.ts";
import { JobLoop } from "./job-loop.ts";

/** Runs the pods of Jobs until enough have succeeded or too many have failed. */
export const job: Controller = {
  name: "job",
  async start(context) {
    const loop = new JobLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
