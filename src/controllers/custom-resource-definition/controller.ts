import type { Controller } from "../controller.ts";
import { DefinitionLoop } from "./definition-loop.ts";

/** Deletes the objects of a definition that is being deleted, and gives names that became free to who waits. */
export const customResourceDefinition: Controller = {
  name: "custom-resource-definition",
  async start(context) {
    const loop = new DefinitionLoop(context);
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
