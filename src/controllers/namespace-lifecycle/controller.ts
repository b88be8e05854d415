import type { Controller } from "../controller.ts";
import { NamespaceLifecycleLoop } from "./namespace-lifecycle-loop.ts";

/** Empties a namespace that is being deleted, then lets it go. */
export const namespaceLifecycle: Controller = {
  name: "namespace-lifecycle",
  async start(context) {
    const loop = new NamespaceLifecycleLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
