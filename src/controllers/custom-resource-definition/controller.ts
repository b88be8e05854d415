import type { Controller } from "../controller.ts";
import { DefinitionLoop } from "./definition-loop.ts";

export const customResourceDefinition: Controller = {
  name: "custom-resource-definition",
  summary:
    "deletes the objects of a definition that is being deleted; gives names that became free to who waits",
  async start(context) {
    const loop = new DefinitionLoop(context);
    await loop.start();
    return loop;
  },
};
