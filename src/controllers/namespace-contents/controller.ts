import type { Controller } from "../controller.ts";
import { NamespaceContentsLoop } from "./namespace-contents-loop.ts";

/** Gives every namespace what pods and clients expect to find in it. */
export const namespaceContents: Controller = {
  name: "namespace-contents",
  async start(context) {
    const loop = new NamespaceContentsLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
