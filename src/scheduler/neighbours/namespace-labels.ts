import type { Namespace } from "../../api/kinds/namespace.ts";
import { selects } from "../../api/label-selector.ts";
import type { NeighbourTerm } from "../cache/neighbour-rules.ts";

type Labels = Readonly<Record<string, string>>;

/** A pod as terms look at it. */
export interface Labelled {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The labels of namespaces, by which terms may choose; and with them, which pods a term is about. */
export class NamespaceLabels {
  readonly #labels = new Map<string, Labels>();
  /** Rises whenever a namespace or its labels change. */
  version = 0;

  changed(before: Namespace | undefined, after: Namespace | undefined): void {
    if (before !== undefined && before.metadata.labels === after?.metadata.labels) return;
    this.version++;
    if (after !== undefined) this.#labels.set(after.metadata.name, after.metadata.labels ?? {});
    else if (before !== undefined) this.#labels.delete(before.metadata.name);
  }

  /** True for a pod that the term is about. */
  matches(
    { selector, namespaces, namespaceSelector }: NeighbourTerm,
    { namespace, labels }: Labelled,
  ): boolean {
    if (selector === undefined || !selects(selector, labels)) return false;
    if (namespaces.includes(namespace)) return true;
    return namespaceSelector !== undefined && selects(namespaceSelector, this.#labels.get(namespace));
  }
}
