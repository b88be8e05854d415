import type { NodeTaint } from "./kinds/node.ts";
import type { Toleration } from "./kinds/pod.ts";

/** True when one of the tolerations tolerates the taint (k8s.io/component-helpers corev1.TolerationsTolerateTaint). */
export function tolerates(tolerations: readonly Toleration[], taint: NodeTaint): boolean {
  return tolerations.some((toleration) => toleratesTaint(toleration, taint));
}

/** As `tolerates`, of one toleration (v1.Toleration.ToleratesTaint): what is left empty matches everything. */
export function toleratesTaint(toleration: Toleration, taint: NodeTaint): boolean {
  const { key, operator, value, effect } = toleration;
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  if (operator === "Exists") return true;
  // No operator means Equal.
  return (value ?? "") === (taint.value ?? "");
}
