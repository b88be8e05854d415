import { expect, it } from "vitest";
import { afterChange, objectChange } from "./object-change.ts";

const containers = [{ name: "main" }];
const before = {
  kind: "Pod",
  metadata: { name: "web", resourceVersion: "7", labels: { app: "web" }, managedFields: [{ manager: "x" }] },
  spec: { containers },
};

it("says what became of an object, in a line of JSON", () => {
  const after = {
    ...before,
    metadata: { name: "web", resourceVersion: "8", managedFields: [] },
    spec: { ...before.spec, nodeName: "node-1" },
    status: { phase: "Pending" },
  };
  const change = JSON.parse(JSON.stringify(objectChange("pods/default/web", before, after)));
  expect(change).toEqual({
    key: "pods/default/web",
    set: { "metadata.resourceVersion": "8", "spec.nodeName": "node-1", status: { phase: "Pending" } },
    unset: ["metadata.labels"],
  });
  const again = afterChange(before, change) as typeof after;
  expect(again).toEqual({
    ...after,
    metadata: { name: "web", resourceVersion: "8", managedFields: before.metadata.managedFields },
  });
  // Whoever asks whether something is another object than before is to hear the same as it was told then.
  expect(again.spec.containers).toBe(containers);
  expect(before.metadata).toHaveProperty("labels");
});

it("tells what came and went", () => {
  const { managedFields: _, ...metadata } = before.metadata;
  expect(afterChange(undefined, objectChange("pods/default/web", undefined, before))).toEqual({
    ...before,
    metadata,
  });
  expect(afterChange(before, objectChange("pods/default/web", before, undefined))).toBeUndefined();
});
