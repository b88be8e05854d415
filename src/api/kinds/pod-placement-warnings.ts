import type { NodeAffinity, PodAffinity, PodSpec } from "./pod.ts";
import { keyWarnings, renamedLabel, termWarnings } from "./renamed-node-labels.ts";

const NO_POD = "a null labelSelector results in matching no pod";

/** Old labels of nodes that a pod goes by, and spreads over no pods; `at` is the path of its spec. */
export function nodeLabelWarnings(
  at: string,
  { nodeSelector = {}, affinity, topologySpreadConstraints = [] }: PodSpec,
): readonly string[] {
  const warnings: string[] = [];
  for (const key of Object.keys(nodeSelector)) {
    const message = renamedLabel(key);
    if (message !== undefined) warnings.push(`${at}.nodeSelector[${key}]: ${message}`);
  }
  warnings.push(...nodeAffinityWarnings(`${at}.affinity.nodeAffinity`, affinity?.nodeAffinity ?? {}));
  for (const [index, { topologyKey, labelSelector }] of topologySpreadConstraints.entries()) {
    const field = `${at}.topologySpreadConstraints[${index}]`;
    warnings.push(...keyWarnings(`${field}.topologyKey`, topologyKey));
    if (labelSelector === undefined) warnings.push(`${field}.labelSelector: ${NO_POD}`);
  }
  return warnings;
}

/** Terms of affinity between pods that mean none. */
export function affinityWarnings(at: string, affinity: PodSpec["affinity"]): readonly string[] {
  return (["podAffinity", "podAntiAffinity"] as const).flatMap((kind) =>
    podTermWarnings(`${at}.affinity.${kind}`, affinity?.[kind] ?? {}),
  );
}

function nodeAffinityWarnings(
  at: string,
  {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  }: NodeAffinity,
): string[] {
  const terms = [
    ...(required?.nodeSelectorTerms ?? []).map(
      (term, index) =>
        [`${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`, term] as const,
    ),
    ...preferred.map(
      ({ preference }, index) =>
        [`${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`, preference] as const,
    ),
  ];
  return terms.flatMap(([field, term]) => termWarnings(field, term));
}

function podTermWarnings(
  at: string,
  {
    requiredDuringSchedulingIgnoredDuringExecution: required = [],
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  }: PodAffinity,
): string[] {
  const places = [
    ...required.map(
      (term, index) =>
        [`${at}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector`, term] as const,
    ),
    ...preferred.map(
      ({ podAffinityTerm }, index) =>
        [
          `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm.labelSelector`,
          podAffinityTerm,
        ] as const,
    ),
  ];
  return places
    .filter(([, { labelSelector }]) => labelSelector === undefined)
    .map(([field]) => `${field}: ${NO_POD}`);
}
