import type { Controller } from "../controller.ts";
import { CronJobLoop } from "./cron-job-loop.ts";

/** Makes Jobs at the times of the schedules of CronJobs. */
export const cronJob: Controller = {
  name: "cron-job",
  async start(context) {
    const loop = new CronJobLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
