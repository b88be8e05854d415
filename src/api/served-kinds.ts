import { apiVersionOf, type Kind } from "./kind.ts";

/**
 * The kinds that a server serves now: those that are built in, and those that CustomResourceDefinitions add while it
 * runs. Asking is cheap; what is worked out from the whole set holds until `onChange` tells.
 */
export interface ServedKinds {
  /** Every kind in every version, in discovery order: for a name in several groups the first wins. */
  all(): readonly Kind[];
  /** One kind for each resource, in the version that is stored: for those who look after every object. */
  resources(): readonly Kind[];
  /** By plural name, what is served of a group and version such as `apps/v1` or `v1`. */
  in(groupVersion: string): ReadonlyMap<string, Kind> | undefined;
  /** Calls back after every change of the above. @returns how to stop that. */
  onChange(listener: () => void): () => void;
}

/** Kinds that never change. */
export function fixedKinds(kinds: readonly Kind[]): ServedKinds {
  const byGroupVersion = indexKinds(kinds);
  return {
    all: () => kinds,
    resources: () => kinds,
    in: (groupVersion) => byGroupVersion.get(groupVersion),
    onChange: () => () => undefined,
  };
}

/** Kinds by group version and plural; the first of a name wins. */
export function indexKinds(kinds: readonly Kind[]): ReadonlyMap<string, ReadonlyMap<string, Kind>> {
  const index = new Map<string, Map<string, Kind>>();
  for (const kind of kinds) {
    const groupVersion = apiVersionOf(kind);
    const byPlural = index.get(groupVersion) ?? new Map<string, Kind>();
    index.set(groupVersion, byPlural);
    if (!byPlural.has(kind.plural)) byPlural.set(kind.plural, kind);
  }
  return index;
}

/** Kinds that may change, and some that never do, behind them. */
export function withKinds(kinds: ServedKinds, fixed: readonly Kind[]): ServedKinds {
  let all = [...kinds.all(), ...fixed];
  let index = indexKinds(all);
  kinds.onChange(() => {
    all = [...kinds.all(), ...fixed];
    index = indexKinds(all);
  });
  return {
    all: () => all,
    resources: () => [...kinds.resources(), ...fixed],
    in: (groupVersion) => index.get(groupVersion),
    onChange: (listener) => kinds.onChange(listener),
  };
}
