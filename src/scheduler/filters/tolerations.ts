import type { NodeTaint } from "../../api/kinds/node.ts";
import type { Toleration } from "../../api/kinds/pod.ts";

/** True when one of the tolerations tolerates the taint (k8s.io/component-helpers corev1.TolerationsTolerateTaint). */
export function tolerates(tolerations: readonly Toleration[], taint: NodeTaint): boolean {
  return tolerations.some((toleration) => toleratesTaint(toleration, taint));
}

function toleratesTaint(toleration: Toleration, taint: NodeTaint): boolean {
  const { key, operator, value, effect } = toleration;
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  if (operator === "Exists") return true;
  // No operator means Equal.
  return (value ?? "") === (taint.value ?? "");
}
