import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
  DEFAULT_SEED,
  DEFAULT_STRATEGY,
} from "../api/kinds/cluster-settings.ts";
import { DEFAULT_TIMING_PROFILE } from "../api/timing-profiles.ts";
import { recordKey } from "./keys.ts";
import type { Store } from "./store.ts";

const KEY = recordKey(clusterSettings, { name: CLUSTER_SETTINGS_NAME });

const BARE: ClusterSettings = {
  apiVersion: "kubesim.dev/v1alpha1",
  kind: "ClusterSettings",
  metadata: { name: CLUSTER_SETTINGS_NAME, uid: "", resourceVersion: "", creationTimestamp: "" },
  spec: { strategy: DEFAULT_STRATEGY, timingProfile: DEFAULT_TIMING_PROFILE, seed: DEFAULT_SEED },
};

/** The cluster's settings as they are stored now; the defaults while there are none yet. */
export function settingsIn(store: Store): ClusterSettings {
  return (store.get(KEY)?.value as ClusterSettings | undefined) ?? BARE;
}
