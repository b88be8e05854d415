import type { NodeAffinity, PodAffinity, PodSpec } from "./pod.ts";

/** Labels of nodes that have got another name, by their old one (pkg/api/node/util.go). */
const RENAMED: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region":
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone":
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type":
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};
const NO_POD = "a null labelSelector results in matching no pod";

/** Old labels of nodes that a pod goes by, and spreads over no pods; `at` is the path of its spec. */
export function nodeLabelWarnings(
  at: string,
  { nodeSelector = {}, affinity, topologySpreadConstraints = [] }: PodSpec,
): readonly string[] {
  const warnings: string[] = [];
  for (const key of Object.keys(nodeSelector)) {
    if (Object.hasOwn(RENAMED, key)) warnings.push(`${at}.nodeSelector[${key}]: ${RENAMED[key]}`);
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
    termWarnings(`${at}.affinity.${kind}`, affinity?.[kind] ?? {}),
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
  return terms.flatMap(([field, { matchExpressions = [] }]) =>
    matchExpressions.flatMap(({ key }, index) => keyWarnings(`${field}.matchExpressions[${index}].key`, key)),
  );
}

function keyWarnings(field: string, key: string): string[] {
  return Object.hasOwn(RENAMED, key) ? [`${field}: ${key} is ${RENAMED[key]}`] : [];
}

function termWarnings(
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
