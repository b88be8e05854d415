import { ClusterView } from "./cluster-view.ts";
import type { Controller, ControllersContext, RunningController } from "./controller.ts";

/** Starts controllers on one shared local copy of the cluster. Rejects when the first list of a kind fails. */
export async function startControllers(
  controllers: readonly Controller[],
  context: ControllersContext,
): Promise<RunningController> {
  const view = new ClusterView(context.objects, context.clock);
  await view.start();
  const running: RunningController[] = [];
  for (const controller of controllers) running.push(await controller.start({ ...context, view }));
  return {
    stop() {
      for (const controller of running) controller.stop();
      view.stop();
    },
  };
}
