import { LocalCopies } from "../api/local-copies.ts";
import { ClusterView } from "./cluster-view.ts";
import type { Controller, ControllersContext, RunningController } from "./controller.ts";

/**
 * Starts controllers on one shared local copy of the cluster. Rejects when the first list of a kind fails.
 * @param contextFor what each controller gets, by its name: its own stream of chance, its own door for errors.
 */
export async function startControllers(
  controllers: readonly Controller[],
  contextFor: (name: string) => ControllersContext,
): Promise<RunningController> {
  const { objects, clock, copies = new LocalCopies(objects, clock) } = contextFor("controllers");
  const view = new ClusterView(copies);
  await view.start();
  const running: RunningController[] = [];
  for (const controller of controllers) {
    running.push(await controller.start({ ...contextFor(controller.name), view }));
  }
  return {
    stop() {
      for (const controller of running) controller.stop();
      view.stop();
    },
  };
}
