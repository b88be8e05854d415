import { canonicalQuantity, parseQuantity } from "../quantity.ts";
import type { Container, PodSpec } from "./pod.ts";

/** Labels of nodes that have got another name, by their old one. */
const RENAMED: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/os": "kubernetes.io/os",
};
/** What is counted in whole bytes. */
const BYTES = ["memory", "ephemeral-storage"];

/**
 * What is taken of a pod's spec and is hardly meant (pkg/api/pod/warnings.go): amounts of memory in thousandths,
 * variables that hide each other, a grace period of less than nothing, names of old. `prefix` stands before `spec`.
 */
export function podSpecWarnings(prefix: string, spec: PodSpec): readonly string[] {
  const warnings: string[] = [];
  for (const [old, name] of Object.entries(RENAMED)) {
    if (spec.nodeSelector?.[old] === undefined) continue;
    warnings.push(`${prefix}spec.nodeSelector[${old}]: deprecated since v1.14; use "${name}" instead`);
  }
  for (const list of ["initContainers", "containers"] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      warnings.push(...containerWarnings(`${prefix}spec.${list}[${index}]`, container));
    }
  }
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const detail = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${prefix}spec.terminationGracePeriodSeconds: ${detail}`);
  }
  return warnings;
}

function containerWarnings(field: string, { resources, env }: Container): string[] {
  const warnings: string[] = [];
  for (const resource of BYTES) {
    for (const part of ["limits", "requests"] as const) {
      const amount = resources?.[part]?.[resource];
      if (amount === undefined || Number.isInteger(parseQuantity(amount) ?? 0)) continue;
      const value = JSON.stringify(canonicalQuantity(amount));
      const detail = `fractional byte value ${value} is invalid, must be an integer`;
      warnings.push(`${field}.resources.${part}[${resource}]: ${detail}`);
    }
  }
  const names = new Set<string>();
  for (const [index, { name }] of (env ?? []).entries()) {
    const detail = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
    if (names.has(name)) warnings.push(`${field}.env[${index}]: ${detail}`);
    names.add(name);
  }
  return warnings;
}
