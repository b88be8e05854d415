import type { Column } from "../kind.ts";
import { type LabelSelector, selectorText } from "../label-selector.ts";
import type { KubeObject } from "../meta.ts";
import { NONE, textColumn } from "./columns.ts";
import type { PodTemplate } from "./pod-template.ts";

interface Workload extends KubeObject {
  readonly spec: { readonly template: PodTemplate; readonly selector?: LabelSelector };
}

/** Wide columns of every kind that makes pods from a template. */
export const CONTAINERS: Column<Workload> = textColumn(
  "Containers",
  "Names of the containers of a pod.",
  ({ spec }) => spec.template.spec.containers.map(({ name }) => name).join(","),
  1,
);

export const IMAGES: Column<Workload> = textColumn(
  "Images",
  "Images of the containers of a pod.",
  ({ spec }) => spec.template.spec.containers.map(({ image }) => image ?? "").join(","),
  1,
);

export const SELECTOR: Column<Workload> = textColumn(
  "Selector",
  "Labels of the pods that belong to it.",
  ({ spec }) => selectorText(spec.selector) || NONE,
  1,
);

/** A column with a number. */
export function countColumn<T extends KubeObject>(
  name: string,
  description: string,
  count: (object: T) => number | undefined,
): Column<T> {
  return { name, type: "integer", description, priority: 0, cell: (object) => count(object) ?? 0 };
}
