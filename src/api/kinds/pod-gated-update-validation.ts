import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { invalidValue, sortedMap } from "../field-errors.ts";
import type { NodeSelectorTerm, PodSpec } from "./pod.ts";

/*
 * As long as a pod is held back by scheduling gates, it can still be told more about where it may be.
 */

/** What may be added to where a gated pod may be (validateNodeSelectorMutation, validateNodeAffinityMutation). */
export function checkGatedUpdate(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  const { nodeSelector = {} } = spec;
  if (Object.entries(old.nodeSelector ?? {}).some(([key, value]) => nodeSelector[key] !== value)) {
    const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
    errors.push(invalidValue("spec.nodeSelector", sortedMap(nodeSelector), detail));
  }
  const [before, after] = [requiredTerms(old), requiredTerms(spec)];
  if (before.length === 0) return;
  const field = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
  if (before.length !== after.length) {
    const detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    errors.push(invalidValue(field, after, detail));
    return;
  }
  for (const [index, term] of after.entries()) {
    if (isMore(term, before[index] as NodeSelectorTerm)) continue;
    errors.push(
      invalidValue(`${field}[${index}]`, term, "only additions are allowed (no mutations or deletions)"),
    );
  }
}

/** The new spec with the node selector and node affinity that the old one had. */
export function withOldPlacement(spec: PodSpec, old: PodSpec): PodSpec {
  const { nodeSelector: _selector, affinity, ...rest } = spec;
  const { nodeAffinity: _affinity, ...others } = affinity ?? {};
  const nodeAffinity = old.affinity?.nodeAffinity;
  const kept = { ...others, ...(nodeAffinity && { nodeAffinity }) };
  const hasAffinity = old.affinity !== undefined || Object.keys(kept).length > 0;
  return {
    ...rest,
    ...(old.nodeSelector && { nodeSelector: old.nodeSelector }),
    ...(hasAffinity && { affinity: kept }),
  };
}

function requiredTerms({ affinity }: PodSpec): readonly NodeSelectorTerm[] {
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
}

/** An empty term selects nothing, and stays as it is; others may ask for more. */
function isMore(after: NodeSelectorTerm, before: NodeSelectorTerm): boolean {
  const { matchExpressions: expressions = [], matchFields: fields = [] } = before;
  if (expressions.length === 0 && fields.length === 0) {
    return !after.matchExpressions?.length && !after.matchFields?.length;
  }
  return startsWith(after.matchExpressions ?? [], expressions) && startsWith(after.matchFields ?? [], fields);
}

function startsWith(list: readonly unknown[], start: readonly unknown[]): boolean {
  return deepEqual(list.slice(0, start.length), start);
}
