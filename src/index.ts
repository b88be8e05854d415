/** kubesim as a library: clusters for tests. What is not exported here is not for use from outside. */
export { ApiError } from "./library/api-error.ts";
export type {
  Client,
  Cluster,
  ClusterClock,
  InNamespace,
  ListOptions,
  NodeOptions,
  Resource,
  StartOptions,
  VirtualCluster,
  VirtualClusterClock,
} from "./library/cluster.ts";
export { startCluster } from "./library/start-cluster.ts";
