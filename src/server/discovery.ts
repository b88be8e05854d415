import { apiVersionOf, type Kind } from "../api/kind.ts";
import { SCALE } from "../api/scale.ts";
import { allPassedOn } from "./streaming/subresources.ts";

/** Verbs of a kind, in the order Kubernetes lists them. */
const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const READ_VERBS = ["get", "list"];
const CHANGE_VERBS = [...READ_VERBS, "patch", "update"];
const REVIEW_VERBS = ["create"];
const STATUS_VERBS = ["get", "patch", "update"];

const SCALE_KIND = { group: SCALE.group, version: SCALE.version, kind: SCALE.kind };

/** A group with its versions, each with its kinds, all in the order of the registry. */
interface Group {
  readonly name: string;
  readonly versions: ReadonlyMap<string, readonly Kind[]>;
}

/** Sorts kinds by group and version. */
export function groupsOf(kinds: readonly Kind[]): readonly Group[] {
  const groups = new Map<string, Map<string, Kind[]>>();
  for (const kind of kinds) {
    const versions = groups.get(kind.group) ?? new Map<string, Kind[]>();
    groups.set(kind.group, versions);
    versions.set(kind.version, [...(versions.get(kind.version) ?? []), kind]);
  }
  return [...groups].map(([name, versions]) => ({ name, versions }));
}

/** `/api` and `/apis` in one document (aggregated discovery), in version v2 or v2beta1 of its own format. */
export function aggregatedDiscovery(groups: readonly Group[], version: string): object {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group.name !== "" && { name: group.name }), creationTimestamp: null },
      versions: [...group.versions].map(([each, kinds]) => ({
        version: each,
        resources: kinds.map(aggregatedResource),
        freshness: "Current",
      })),
    })),
  };
}

function aggregatedResource(kind: Kind): object {
  const own = { group: kind.group, version: kind.version, kind: kind.kind };
  const subresources = [
    ...(kind.statusSubresource ? [{ subresource: "status", responseKind: own, verbs: STATUS_VERBS }] : []),
    ...(kind.scale ? [{ subresource: "scale", responseKind: SCALE_KIND, verbs: STATUS_VERBS }] : []),
    ...Object.entries(kind.actions ?? {}).map(([subresource, action]) => ({
      subresource,
      responseKind: { group: action.group, version: action.version, kind: action.kind },
      verbs: ["create"],
    })),
    ...Object.keys(kind.parts ?? {}).map((subresource) => ({
      subresource,
      responseKind: own,
      verbs: STATUS_VERBS,
    })),
    ...allPassedOn(kind).map((each) => ({
      subresource: each.name,
      responseKind: { ...own, kind: each.kind },
      verbs: each.verbs,
    })),
  ];
  return {
    resource: kind.plural,
    responseKind: own,
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}

/** `/api` for clients without aggregated discovery. */
export function coreVersions(kinds: readonly Kind[], serverAddress: string): object {
  const versions = new Set(kinds.filter((kind) => kind.group === "").map((kind) => kind.version));
  return {
    kind: "APIVersions",
    versions: [...versions],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

/** `/apis` for clients without aggregated discovery. */
export function groupList(groups: readonly Group[]): object {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupDocument) };
}

/** `/apis/GROUP`. */
export function groupDocument(group: Group): object {
  const versions = [...group.versions.keys()].map((version) => ({
    groupVersion: `${group.name}/${version}`,
    version,
  }));
  return { name: group.name, versions, preferredVersion: versions[0] };
}

/** `/api/v1` and `/apis/GROUP/VERSION`: the resources with their subresources as `pods/eviction`. */
export function resourceList(kinds: readonly Kind[]): object {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: kinds[0] === undefined ? "v1" : apiVersionOf(kinds[0]),
    resources: kinds.flatMap(resourceEntries),
  };
}

function resourceEntries(kind: Kind): object[] {
  const base = { singularName: "", namespaced: kind.namespaced, kind: kind.kind };
  const actions = Object.entries(kind.actions ?? {}).map(([name, action]) => ({
    ...base,
    name: `${kind.plural}/${name}`,
    ...(apiVersionOf(action) !== apiVersionOf(kind) && { group: action.group, version: action.version }),
    kind: action.kind,
    verbs: ["create"],
  }));
  const kubelet = allPassedOn(kind).map((each) => ({
    ...base,
    name: `${kind.plural}/${each.name}`,
    kind: each.kind,
    verbs: each.verbs,
  }));
  const parts = Object.keys(kind.parts ?? {}).map((name) => ({
    ...base,
    name: `${kind.plural}/${name}`,
    verbs: STATUS_VERBS,
  }));
  const status = { ...base, name: `${kind.plural}/status`, verbs: STATUS_VERBS };
  const scale = { ...base, name: `${kind.plural}/scale`, ...SCALE_KIND, verbs: STATUS_VERBS };
  const own = {
    ...base,
    name: kind.plural,
    singularName: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
  };
  return [
    own,
    ...actions,
    ...parts,
    ...kubelet,
    ...(kind.scale ? [scale] : []),
    ...(kind.statusSubresource ? [status] : []),
  ];
}

function verbsOf({ readOnly, alwaysThere, createOnly }: Kind): readonly string[] {
  if (createOnly) return REVIEW_VERBS;
  if (readOnly) return READ_VERBS;
  return alwaysThere ? CHANGE_VERBS : VERBS;
}
