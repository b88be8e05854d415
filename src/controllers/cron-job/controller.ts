import type { Controller } from "../controller.ts";
import { CronJobLoop } from "./cron-job-loop.ts";

/** Makes Jobs at the times of the schedules of CronJobs. */
export const cronJob: Controller = {
  name: "cron-job",
  summary: "makes a Job whenever the schedule of a CronJob says so, and keeps the last ones",
  async start(context) {
    const loop = new CronJobLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
