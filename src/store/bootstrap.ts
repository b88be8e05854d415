import { isReason } from "../api/errors.ts";
import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
} from "../api/kinds/cluster-settings.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "../api/kinds/default-roles.ts";
import { type Namespace, namespaces } from "../api/kinds/namespace.ts";
import { priorityClasses, systemPriorityClasses } from "../api/kinds/priority-class.ts";
import { clusterRoleBindings, clusterRoles } from "../api/kinds/rbac.ts";
import { standardStorageClass, storageClasses } from "../api/kinds/storage-class.ts";
import type { Objects } from "../api/objects.ts";
import { NODE_LEASE_NAMESPACE } from "../api/well-known.ts";

const NAMESPACES = ["default", "kube-system", "kube-public", NODE_LEASE_NAMESPACE];

/**
 * Creates what every cluster has from the start: its namespaces, priority and storage classes, roles and settings.
 * What is there is left alone, so that it may run at every start. `settings` apply to a new cluster only; what they
 * leave out gets its default.
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
      spec: {},
      status: {},
    };
    await unlessThere(objects.create<Namespace>(namespaces, namespace));
  }
  const classes = systemPriorityClasses();
  await Promise.all([
    unlessThere(objects.create(storageClasses, standardStorageClass())),
    ...classes.map((one) => unlessThere(objects.create(priorityClasses, one))),
    ...defaultClusterRoles().map((one) => unlessThere(objects.create(clusterRoles, one))),
    ...defaultClusterRoleBindings().map((one) => unlessThere(objects.create(clusterRoleBindings, one))),
  ]);
  await unlessThere(
    objects.create<ClusterSettings>(clusterSettings, {
      apiVersion: "kubesim.dev/v1alpha1",
      kind: "ClusterSettings",
      metadata: { name: CLUSTER_SETTINGS_NAME },
      spec: settings as ClusterSettings["spec"],
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
