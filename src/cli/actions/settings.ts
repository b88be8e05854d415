import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
} from "../../api/kinds/cluster-settings.ts";
import { modify } from "../../api/modify.ts";
import type { Objects } from "../../api/objects.ts";

const KEY = { name: CLUSTER_SETTINGS_NAME };

/** The cluster's one settings object. */
export function readSettings(objects: Objects): Promise<ClusterSettings> {
  return objects.get(clusterSettings, KEY);
}

/** Changes it; `change` gets the spec and returns the new one. */
export function changeSettings(
  objects: Objects,
  change: (spec: ClusterSettings["spec"]) => ClusterSettings["spec"],
): Promise<ClusterSettings> {
  return modify(objects, clusterSettings, KEY, (settings) => ({ ...settings, spec: change(settings.spec) }));
}
