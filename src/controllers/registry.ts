import { clusterRoleAggregation } from "./cluster-role-aggregation/controller.ts";
import type { Controller } from "./controller.ts";
import { cronJob } from "./cron-job/controller.ts";
import { customResourceDefinition } from "./custom-resource-definition/controller.ts";
import { daemonSet } from "./daemon-set/controller.ts";
import { deployment } from "./deployment/controller.ts";
import { disruption } from "./disruption/controller.ts";
import { endpointSlice } from "./endpoint-slice/controller.ts";
import { endpointSliceMirroring } from "./endpoint-slice-mirroring/controller.ts";
import { endpointsMirror } from "./endpoints/controller.ts";
import { ephemeralVolume } from "./ephemeral-volume/controller.ts";
import { eventRetention } from "./event-retention/controller.ts";
import { garbageCollection } from "./garbage-collection/controller.ts";
import { horizontalPodAutoscaler } from "./horizontal-pod-autoscaler/controller.ts";
import { job } from "./job/controller.ts";
import { namespaceContents } from "./namespace-contents/controller.ts";
import { namespaceLifecycle } from "./namespace-lifecycle/controller.ts";
import { nodeHealth } from "./node-health/controller.ts";
import { persistentVolume } from "./persistent-volume/controller.ts";
import { podGc } from "./pod-gc/controller.ts";
import { podRescheduler } from "./pod-rescheduler/controller.ts";
import { replicaSet } from "./replica-set/controller.ts";
import { replicationController } from "./replication-controller/controller.ts";
import { resourceQuotaStatus } from "./resource-quota/controller.ts";
import { statefulSet } from "./stateful-set/controller.ts";
import { taintEviction } from "./taint-eviction/controller.ts";

/** Every controller, in the order in which they start. */
export const CONTROLLERS: readonly Controller[] = [
  nodeHealth,
  taintEviction,
  podRescheduler,
  podGc,
  replicaSet,
  replicationController,
  deployment,
  statefulSet,
  daemonSet,
  job,
  cronJob,
  persistentVolume,
  ephemeralVolume,
  endpointSlice,
  endpointsMirror,
  endpointSliceMirroring,
  disruption,
  horizontalPodAutoscaler,
  resourceQuotaStatus,
  clusterRoleAggregation,
  garbageCollection,
  customResourceDefinition,
  namespaceLifecycle,
  namespaceContents,
  eventRetention,
];
