import { ApiError } from "../../api/errors.ts";
import {
  type CustomResourceDefinition,
  conditionOf,
  customResourceDefinitions,
  isEstablished,
} from "../../api/kinds/custom-resource-definition.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";

/**
 * Waits until the kind of a definition that was just created is served; kubesim serves it at once, other clusters
 * take their time. Fails with ApiError when its names are taken. Ends early with the signal.
 */
export function untilServed(objects: Objects, created: KubeObject, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const isDecided = (definition: CustomResourceDefinition): boolean => {
      const names = conditionOf(definition, "NamesAccepted");
      if (isEstablished(definition)) resolve();
      else if (names?.status === "False") reject(new ApiError("Invalid", names.message ?? "names are taken"));
      else return false;
      return true;
    };
    if (isDecided(created as CustomResourceDefinition)) return;
    const watch = objects.watch(
      customResourceDefinitions,
      { fieldSelector: `metadata.name=${created.metadata.name}`, sendInitialEvents: true },
      {
        events: (batch) => {
          if (batch.some((event) => "object" in event && isDecided(event.object))) watch.close();
        },
        closed: (error) => (error === undefined ? resolve() : reject(error)),
      },
    );
    signal.addEventListener("abort", () => watch.close(), { once: true });
  });
}
