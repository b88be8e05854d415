import type { PolicyRule } from "../../api/kinds/rbac.ts";
import { type Attributes, isPath, type ResourceAttributes, resourceText } from "./attributes.ts";

const ALL = "*";

/** Whether a rule allows it (pkg/apis/rbac/v1/evaluation_helpers.go). */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!holds(rule.verbs, attributes.verb)) return false;
  if (isPath(attributes))
    return (rule.nonResourceURLs ?? []).some((url) => pathMatches(url, attributes.path));
  return resourceMatches(rule, attributes) && nameMatches(rule, attributes.name);
}

/**
 * What of the wanted rules the held ones do not cover, in rules of one verb and one resource or path each
 * (component-helpers/auth/rbac/validation).
 */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(breakDown).filter((one) => !held.some((rule) => covers(rule, one)));
}

function holds(values: readonly string[] | undefined, value: string): boolean {
  return values !== undefined && (values.includes(ALL) || values.includes(value));
}

function pathMatches(url: string, path: string): boolean {
  if (url === ALL || url === path) return true;
  return url.endsWith(ALL) && path.startsWith(url.slice(0, -1));
}

function resourceMatches(rule: PolicyRule, attributes: ResourceAttributes): boolean {
  if (!holds(rule.apiGroups, attributes.group)) return false;
  const { subresource } = attributes;
  const combined = resourceText(attributes);
  const matches = (resource: string) =>
    resource === ALL || resource === combined || (subresource !== "" && resource === `*/${subresource}`);
  return (rule.resources ?? []).some(matches);
}

function nameMatches({ resourceNames = [] }: PolicyRule, name: string): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name);
}

function breakDown(rule: PolicyRule): readonly PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          names.map((name) => ({
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            ...(name !== undefined && { resourceNames: [name] }),
          })),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] }))),
  ];
}

/** `one` is a rule of `breakDown`. */
function covers(rule: PolicyRule, one: PolicyRule): boolean {
  if (!holds(rule.verbs, one.verbs[0] as string)) return false;
  const url = one.nonResourceURLs?.[0];
  if (url !== undefined) return (rule.nonResourceURLs ?? []).some((each) => pathMatches(each, url));
  const resource = one.resources?.[0] as string;
  const subresource = resource.slice(resource.indexOf("/") + 1);
  const coversResource = (each: string) =>
    each === ALL || each === resource || (resource.includes("/") && each === `*/${subresource}`);
  return (
    holds(rule.apiGroups, one.apiGroups?.[0] as string) &&
    (rule.resources ?? []).some(coversResource) &&
    ((rule.resourceNames ?? []).length === 0 ||
      (one.resourceNames !== undefined && nameMatches(rule, one.resourceNames[0] as string)))
  );
}

/** Rules as Go prints them in messages: `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`, sorted. */
export function rulesText(rules: readonly PolicyRule[]): string {
  const byObject = new Map<string, Set<string>>();
  for (const rule of rules) {
    const parts = [
      part("APIGroups", rule.apiGroups),
      part("Resources", rule.resources),
      part("ResourceNames", rule.resourceNames),
      part("NonResourceURLs", rule.nonResourceURLs),
    ];
    const object = parts.filter((text) => text !== "").join(", ");
    const verbs = byObject.get(object) ?? new Set<string>();
    byObject.set(object, verbs);
    for (const verb of rule.verbs) verbs.add(verb);
  }
  const lines = [...byObject].map(([object, verbs]) => `{${object}, Verbs:${quoted([...verbs])}}`);
  return lines.sort().join("\n");
}

function part(name: string, values: readonly string[] | undefined): string {
  return values === undefined || values.length === 0 ? "" : `${name}:${quoted(values)}`;
}

/** A list of texts as Go's %q prints it. */
export function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
}
