import { deepEqual } from "../deep-equal.ts";
import {
  type CustomResourceDefinition,
  conditionOf,
  type DefinedNames,
  type DefinitionStatus,
  withCondition,
} from "../kinds/custom-resource-definition.ts";

const APPROVAL = "api-approved.kubernetes.io";

/**
 * What the status of a definition is among all others: which of its names are accepted, whether its kind is served,
 * and in which versions objects may be stored. The very status it has when nothing changes.
 * @param now ms since the epoch
 */
export function definitionStatus(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
  now: number,
): DefinitionStatus {
  const { spec, metadata } = definition;
  if (spec?.names === undefined || !Array.isArray(spec.versions)) return definition.status ?? {};
  const rivals = others
    .filter((other) => other.metadata.name !== metadata.name && other.spec.group === spec.group)
    .map((other) => other.status?.acceptedNames)
    .filter((names) => names !== undefined);
  const { accepted, conflicts } = acceptNames(spec.names, rivals, definition.status?.acceptedNames);
  const before = definition.status ?? {};
  let status: DefinitionStatus = {
    ...before,
    acceptedNames: deepEqual(accepted, before.acceptedNames) ? (before.acceptedNames ?? accepted) : accepted,
    storedVersions: storedVersions(definition),
  };
  status = withCondition(status, namesCondition(conflicts), now);
  if (conditionOf(definition, "Established")?.status !== "True") {
    status = withCondition(status, establishedCondition(conflicts.length === 0), now);
  }
  status = withApproval(status, definition, now);
  return deepEqual(status, before) ? (definition.status ?? status) : status;
}

interface Conflict {
  readonly reason: string;
  readonly name: string;
}

/** Names that are free are accepted; for one that is taken the last accepted one stays. */
function acceptNames(
  wanted: DefinedNames,
  rivals: readonly DefinedNames[],
  before: DefinedNames | undefined,
): { readonly accepted: DefinedNames; readonly conflicts: readonly Conflict[] } {
  const resources = new Set(rivals.flatMap((one) => [one.plural, one.singular, ...(one.shortNames ?? [])]));
  const kinds = new Set(rivals.flatMap((one) => [one.kind, one.listKind]));
  const conflicts: Conflict[] = [];
  const free = (
    name: string,
    taken: ReadonlySet<string | undefined>,
    reason: string,
    old: string,
  ): string => {
    if (name === "" || !taken.has(name)) return name;
    conflicts.push({ reason, name });
    return old;
  };
  const plural = free(wanted.plural, resources, "PluralConflict", before?.plural ?? "");
  const singular = free(wanted.singular ?? "", resources, "SingularConflict", before?.singular ?? "");
  const shortNames = wanted.shortNames ?? [];
  const taken = shortNames.filter((name) => resources.has(name));
  conflicts.push(...taken.map((name) => ({ reason: "ShortNamesConflict", name })));
  const kind = free(wanted.kind, kinds, "KindConflict", before?.kind ?? "");
  const listKind = free(wanted.listKind ?? "", kinds, "ListKindConflict", before?.listKind ?? "");
  const short = taken.length > 0 ? (before?.shortNames ?? []) : shortNames;
  const { categories = [] } = wanted;
  const accepted = {
    plural,
    ...(singular !== "" && { singular }),
    ...(short.length > 0 && { shortNames: short }),
    kind,
    ...(listKind !== "" && { listKind }),
    ...(categories.length > 0 && { categories }),
  };
  return { accepted, conflicts };
}

function namesCondition(conflicts: readonly Conflict[]) {
  const [first] = conflicts;
  if (first === undefined) {
    return {
      type: "NamesAccepted",
      status: "True",
      reason: "NoConflicts",
      message: "no conflicts found",
    } as const;
  }
  const message = conflicts.map(({ name }) => `${JSON.stringify(name)} is already in use`).join(", ");
  return { type: "NamesAccepted", status: "False", reason: first.reason, message } as const;
}

function establishedCondition(isAccepted: boolean) {
  const type = "Established";
  if (!isAccepted) {
    return { type, status: "False", reason: "NotAccepted", message: "not all names are accepted" } as const;
  }
  const message = "the initial names have been accepted";
  return { type, status: "True", reason: "InitialNamesAccepted", message } as const;
}

/** Versions in which there may be objects: once stored in, a version stays until somebody takes it out. */
function storedVersions({ spec, status }: CustomResourceDefinition): readonly string[] {
  const before = status?.storedVersions ?? [];
  const storage = spec.versions.find((version) => version.storage)?.name;
  return storage === undefined || before.includes(storage) ? before : [...before, storage];
}

/** Of groups that are Kubernetes' own: whether somebody has approved of the definition. */
function withApproval(
  status: DefinitionStatus,
  { metadata, spec }: CustomResourceDefinition,
  now: number,
): DefinitionStatus {
  const approval = metadata.annotations?.[APPROVAL];
  if (approval === undefined || !/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group ?? "")) return status;
  const type = "KubernetesAPIApprovalPolicyConformant";
  const isApproved = !approval.startsWith("unapproved");
  const condition = isApproved
    ? ({ type, status: "True", reason: "ApprovedAnnotation", message: `approved in ${approval}` } as const)
    : ({
        type,
        status: "False",
        reason: "UnapprovedAnnotation",
        message: `not approved: ${JSON.stringify(approval)}`,
      } as const);
  return withCondition(status, condition, now);
}
