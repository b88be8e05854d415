import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue, tooLong } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsLabelFault } from "../names.ts";
import { DEFAULT_TIMING_PROFILE, TIMING_PROFILES, type TimingProfile } from "../timing-profiles.ts";
import { KUBESIM_GROUP } from "../well-known.ts";
import { AGE, NAME, textColumn } from "./columns.ts";

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
  /** Written by the scheduler while the strategy that `spec` asks for cannot be had; absent when all is as asked. */
  readonly status?: {
    /** The strategy that places pods instead. */
    readonly strategy: string;
    /** Why. */
    readonly message: string;
  };
}

export const CLUSTER_SETTINGS_NAME = "cluster";
export const DEFAULT_STRATEGY = "first-fit";
export const DEFAULT_SEED = "1";
/** A strategy of one's own is a small module; more than this is a mistake. */
const SOURCE_BYTES = 256 * 1_024;

export const clusterSettings: Kind<ClusterSettings> = {
  group: KUBESIM_GROUP,
  version: "v1alpha1",
  kind: "ClusterSettings",
  plural: "clustersettings",
  singular: "clustersettings",
  shortNames: [],
  categories: ["kubesim"],
  namespaced: false,
  schema: "dev.kubesim.v1alpha1.ClusterSettings",
  statusSubresource: true,
  columns: [
    NAME,
    textColumn(
      "Strategy",
      "Strategy that is asked for.",
      (settings: ClusterSettings) => settings.spec.strategy,
    ),
    textColumn("In Force", "Strategy for the next pod.", strategyInForce),
    textColumn("Timing", "Timing profile.", (settings: ClusterSettings) => settings.spec.timingProfile),
    textColumn("Seed", "Seed of everything random.", (settings: ClusterSettings) => settings.spec.seed),
    AGE,
  ],
  selectableFields: {},
  setDefaults: setClusterSettingsDefaults,
  validate: validateClusterSettings,
};

/** The profile in force; an unknown name (written by a newer version) falls back to the default. */
export function timingProfileOf(settings: ClusterSettings): TimingProfile {
  const profiles: Readonly<Record<string, TimingProfile>> = TIMING_PROFILES;
  return profiles[settings.spec.timingProfile] ?? TIMING_PROFILES[DEFAULT_TIMING_PROFILE];
}

/** The strategy that places the next pod: the one that is asked for, unless it cannot be had. */
export function strategyInForce({ spec, status }: ClusterSettings): string {
  return status?.strategy ?? spec.strategy;
}

function setClusterSettingsDefaults(settings: ClusterSettings): ClusterSettings {
  const spec: Partial<ClusterSettings["spec"]> = settings.spec ?? {};
  if (spec.strategy !== undefined && spec.timingProfile !== undefined && spec.seed !== undefined)
    return settings;
  const defaults = { strategy: DEFAULT_STRATEGY, timingProfile: DEFAULT_TIMING_PROFILE, seed: DEFAULT_SEED };
  return { ...settings, spec: { ...defaults, ...spec } };
}

/** Whether a strategy of that name exists, only the scheduler knows; here its name must be one that can exist. */
function validateClusterSettings(
  { metadata, spec }: ClusterSettings,
  old: ClusterSettings | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  if (metadata.name !== CLUSTER_SETTINGS_NAME) {
    errors.push(notSupported("metadata.name", metadata.name, [CLUSTER_SETTINGS_NAME]));
  }
  checkStrategyName("spec.strategy", spec.strategy, errors);
  if (!Object.hasOwn(TIMING_PROFILES, spec.timingProfile)) {
    errors.push(notSupported("spec.timingProfile", spec.timingProfile, Object.keys(TIMING_PROFILES)));
  }
  if (spec.seed === "") errors.push(requiredValue("spec.seed"));
  const { customStrategy } = spec;
  if (customStrategy !== undefined) {
    checkStrategyName("spec.customStrategy.name", customStrategy.name, errors);
    const { source } = customStrategy;
    if (!source) errors.push(requiredValue("spec.customStrategy.source"));
    else if (Buffer.byteLength(source) > SOURCE_BYTES) {
      errors.push(tooLong("spec.customStrategy.source", SOURCE_BYTES));
    }
  }
  return errors;
}

function checkStrategyName(field: string, name: string | undefined, errors: FieldError[]): void {
  if (!name) {
    errors.push(requiredValue(field));
    return;
  }
  const fault = dnsLabelFault(name);
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}
