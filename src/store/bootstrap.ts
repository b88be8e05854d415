import { isReason } from "../api/errors.ts";
import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
  DEFAULT_STRATEGY,
} from "../api/kinds/cluster-settings.ts";
import { type Namespace, namespaces } from "../api/kinds/namespace.ts";
import type { Objects } from "../api/objects.ts";
import { DEFAULT_TIMING_PROFILE } from "../api/timing-profiles.ts";
import { NODE_LEASE_NAMESPACE } from "../api/well-known.ts";

const NAMESPACES = ["default", "kube-system", "kube-public", NODE_LEASE_NAMESPACE];

/**
 * Creates what every cluster has from the start: its namespaces and its settings. What is there is left alone, so
 * that it may run at every start. `settings` apply to a new cluster only.
 */
export async function bootstrap(
  objects: Objects,
  settings: Partial<ClusterSettings["spec"]> = {},
): Promise<void> {
  for (const name of NAMESPACES) {
    const namespace = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" as const },
    };
    await unlessThere(objects.create<Namespace>(namespaces, namespace));
  }
  const spec = {
    strategy: DEFAULT_STRATEGY,
    timingProfile: DEFAULT_TIMING_PROFILE,
    seed: "0",
    ...settings,
  };
  await unlessThere(
    objects.create<ClusterSettings>(clusterSettings, {
      apiVersion: "kubesim.dev/v1alpha1",
      kind: "ClusterSettings",
      metadata: { name: CLUSTER_SETTINGS_NAME },
      spec,
    }),
  );
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!isReason(error, "AlreadyExists")) throw error;
  }
}
