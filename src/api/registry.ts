import type { Kind } from "./kind.ts";
import { clusterClocks } from "./kinds/cluster-clock.ts";
import { clusterSettings } from "./kinds/cluster-settings.ts";
import { configMaps } from "./kinds/config-map.ts";
import { controllerRevisions } from "./kinds/controller-revision.ts";
import { cronJobs } from "./kinds/cron-job.ts";
import { csiDrivers, csiNodes, volumeAttachments } from "./kinds/csi.ts";
import { csiStorageCapacities } from "./kinds/csi-storage-capacity.ts";
import { customResourceDefinitions } from "./kinds/custom-resource-definition.ts";
import { daemonSets } from "./kinds/daemon-set.ts";
import { deployments } from "./kinds/deployment.ts";
import { endpointSlices } from "./kinds/endpoint-slice.ts";
import { endpoints } from "./kinds/endpoints.ts";
import { events } from "./kinds/event.ts";
import { horizontalPodAutoscalers } from "./kinds/horizontal-pod-autoscaler.ts";
import { ingresses } from "./kinds/ingress.ts";
import { ingressClasses } from "./kinds/ingress-class.ts";
import { jobs } from "./kinds/job.ts";
import { leases } from "./kinds/lease.ts";
import { limitRanges } from "./kinds/limit-range.ts";
import { nodeMetrics, podMetrics } from "./kinds/metrics.ts";
import { namespaces } from "./kinds/namespace.ts";
import { networkPolicies } from "./kinds/network-policy.ts";
import { nodes } from "./kinds/node.ts";
import { nodeFaults } from "./kinds/node-fault.ts";
import { persistentVolumes } from "./kinds/persistent-volume.ts";
import { persistentVolumeClaims } from "./kinds/persistent-volume-claim.ts";
import { pods } from "./kinds/pod.ts";
import { podDisruptionBudgets } from "./kinds/pod-disruption-budget.ts";
import { priorityClasses } from "./kinds/priority-class.ts";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "./kinds/rbac.ts";
import { replicaSets } from "./kinds/replica-set.ts";
import { replicationControllers } from "./kinds/replication-controller.ts";
import { resourceQuotas } from "./kinds/resource-quota.ts";
import { runtimeClasses } from "./kinds/runtime-class.ts";
import { schedulingDecisions } from "./kinds/scheduling-decision.ts";
import { secrets } from "./kinds/secret.ts";
import { services } from "./kinds/service.ts";
import { serviceAccounts } from "./kinds/service-account.ts";
import { statefulSets } from "./kinds/stateful-set.ts";
import { storageClasses } from "./kinds/storage-class.ts";
import { podTemplates } from "./kinds/stored-pod-template.ts";

/** Every kind that is served, in discovery order: for a name in several groups the first wins. */
export const KINDS: readonly Kind[] = [
  namespaces,
  nodes,
  pods,
  events,
  configMaps,
  secrets,
  serviceAccounts,
  services,
  endpoints,
  replicationControllers,
  podTemplates,
  endpointSlices,
  ingresses,
  ingressClasses,
  networkPolicies,
  runtimeClasses,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  volumeAttachments,
  limitRanges,
  resourceQuotas,
  podDisruptionBudgets,
  priorityClasses,
  roles,
  roleBindings,
  clusterRoles,
  clusterRoleBindings,
  leases,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  controllerRevisions,
  horizontalPodAutoscalers,
  jobs,
  cronJobs,
  customResourceDefinitions,
  nodeMetrics,
  podMetrics,
  nodeFaults,
  clusterSettings,
  clusterClocks,
  schedulingDecisions,
] as unknown as readonly Kind[];
