import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { DEFAULT_TIMING_PROFILE, TIMING_PROFILES, type TimingProfile } from "../timing-profiles.ts";

/** The one object, named `cluster`, that says how the cluster behaves. Changes take effect at once. */
export interface ClusterSettings extends KubeObject {
  readonly spec: {
    /** Strategy for the next pod: a registered name, or the name of `customStrategy`. */
    readonly strategy: string;
    /** A user's own strategy: the text of an ES module whose default export is a Strategy. */
    readonly customStrategy?: { readonly name: string; readonly source: string };
    /** fast, classic or kubernetes. */
    readonly timingProfile: string;
    /** Seed of everything random in the cluster. */
    readonly seed: string;
  };
}

export const CLUSTER_SETTINGS_NAME = "cluster";
export const DEFAULT_STRATEGY = "first-fit";

export const clusterSettings: Kind<ClusterSettings> = {
  group: "kubesim.dev",
  version: "v1alpha1",
  kind: "ClusterSettings",
  plural: "clustersettings",
  singular: "clustersettings",
  shortNames: [],
  categories: ["kubesim"],
  namespaced: false,
  schema: "dev.kubesim.v1alpha1.ClusterSettings",
  statusSubresource: false,
  columns: [],
  selectableFields: {},
};

/** The profile in force; an unknown name (written by a newer version) falls back to the default. */
export function timingProfileOf(settings: ClusterSettings): TimingProfile {
  const profiles: Readonly<Record<string, TimingProfile>> = TIMING_PROFILES;
  return profiles[settings.spec.timingProfile] ?? TIMING_PROFILES[DEFAULT_TIMING_PROFILE];
}
