import type { Node } from "../api/kinds/node.ts";
import { parseLabelSelector } from "../api/selector.ts";
import { Label } from "../api/well-known.ts";
import { compileNamePattern } from "./name-pattern.ts";
import type { ChaosOptions } from "./options.ts";

/** Says of a node whether chaos may hurt it. */
export type Scope = (node: Node) => boolean;

/** Selector, name pattern and exclusions of the options; the protected label always counts. */
export function scopeOf(options: Pick<ChaosOptions, "labelSelector" | "nodePattern" | "exclude">): Scope {
  const selected = parseLabelSelector(options.labelSelector ?? "");
  const matches = options.nodePattern === undefined ? () => true : compileNamePattern(options.nodePattern);
  const excluded = new Set(options.exclude);
  return ({ metadata: { name, labels } }) =>
    labels?.[Label.chaosProtected] !== "true" && !excluded.has(name) && selected(labels) && matches(name);
}
