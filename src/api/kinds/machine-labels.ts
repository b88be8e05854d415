import { extend } from "../../lib/extend.ts";
import type { Draft } from "../meta.ts";
import { Label } from "../well-known.ts";
import type { Node } from "./node.ts";

const NAMES = ["kubernetes.io/arch", "kubernetes.io/os", Label.hostname] as const;

/**
 * A Node, or the draft of one, with the labels that a kubelet registers its Node with; those that are there are kept.
 * Who makes the Node of a simulated machine puts them on at once, which saves its kubelet a write.
 */
export function withMachineLabels<T extends Node | Draft<Node>>(node: T): T {
  const { labels, name } = node.metadata;
  if (name === undefined || NAMES.every((label) => labels?.[label] !== undefined)) return node;
  const own = { "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux", [Label.hostname]: name };
  return { ...node, metadata: extend(node.metadata, { labels: { ...own, ...labels } }) };
}
