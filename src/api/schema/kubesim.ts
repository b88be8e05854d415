import { KIND_FIELDS, type OwnType } from "./own-type.ts";

/** kubesim's own kinds, written by hand; names are those of Kind.schema. */
export const KUBESIM_TYPES: Readonly<Record<string, OwnType>> = {
  "dev.kubesim.CustomObject": {
    doc: "CustomObject is what every custom resource has, whatever its definition says.",
    fields: KIND_FIELDS,
  },
  "dev.kubesim.v1alpha1.NodeFault": {
    doc: "NodeFault is something that is wrong with a node. Creating it hurts the node, deleting it heals.",
    fields: {
      ...KIND_FIELDS,
      spec: [
        "@dev.kubesim.v1alpha1.NodeFaultSpec!",
        "Which node, and what is wrong with it. Can not be changed.",
      ],
      status: ["@dev.kubesim.v1alpha1.NodeFaultStatus", "Whether the node's agent obeyed."],
    },
  },
  "dev.kubesim.v1alpha1.NodeFaultSpec": {
    doc: "NodeFaultSpec says which node is hurt and how.",
    fields: {
      nodeName: ["s!", "Name of the node."],
      fault: ["s!", "Name of the fault, e.g. node-crash or node-hang."],
      origin: ["s", "Who did it: the id of a chaos run, or user."],
    },
  },
  "dev.kubesim.v1alpha1.NodeFaultStatus": {
    doc: "NodeFaultStatus is written by the node's agent.",
    fields: { injectedAt: ["u", "When the agent obeyed."] },
  },
  "dev.kubesim.v1alpha1.ClusterSettings": {
    doc: "ClusterSettings says how the cluster behaves. The one object of this kind is named cluster.",
    fields: {
      ...KIND_FIELDS,
      spec: ["@dev.kubesim.v1alpha1.ClusterSettingsSpec", "How the cluster behaves."],
      status: [
        "@dev.kubesim.v1alpha1.ClusterSettingsStatus",
        "What cannot be had as it is asked for. Absent when all is as asked.",
      ],
    },
  },
  "dev.kubesim.v1alpha1.ClusterSettingsStatus": {
    doc: "ClusterSettingsStatus is written by the scheduler while the strategy that is asked for cannot be had.",
    fields: {
      strategy: ["s!", "The strategy that places pods instead."],
      message: ["s!", "Why."],
    },
  },
  "dev.kubesim.v1alpha1.ClusterSettingsSpec": {
    doc: "ClusterSettingsSpec holds the settings.",
    fields: {
      strategy: ["s", "Name of the placement strategy for the next pod. Defaults to first-fit."],
      customStrategy: [
        "@dev.kubesim.v1alpha1.CustomStrategy",
        "A strategy of one's own, to be chosen by its name.",
      ],
      timingProfile: ["s", "How fast failures are noticed: fast, classic or kubernetes. Defaults to fast."],
      seed: ["s", "Seed of everything random in the cluster."],
    },
  },
  "dev.kubesim.v1alpha1.CustomStrategy": {
    doc: "CustomStrategy is a placement strategy that is not built in.",
    fields: {
      name: ["s!", "Name of the strategy."],
      source: ["s!", "Text of an ES module whose default export is a strategy."],
    },
  },
  "dev.kubesim.v1alpha1.SchedulingDecision": {
    doc: "SchedulingDecision is what the scheduler thought when it last tried the pod of the same name.",
    fields: {
      ...KIND_FIELDS,
      podUid: ["s!", "The uid of the pod."],
      decidedAt: ["u!", "When it was decided."],
      strategy: ["s!", "The strategy that decided."],
      attempts: ["i!", "How often the pod has been tried, this time included."],
      nodeName: ["s", "The node the pod was bound to; absent when it fits nowhere."],
      nodesTotal: ["i!", "Nodes of the cluster at that moment."],
      nodesFeasible: ["i", "Nodes that passed every filter; absent when they were not counted."],
      requests: ["{l!", "What the pod asks for: cpu in milli, memory in bytes, others as counts."],
      topScores: ["[@dev.kubesim.v1alpha1.NodeScore!", "The best nodes, best first."],
      reasons: ["[@dev.kubesim.v1alpha1.FilterReason!", "Why nodes were ruled out."],
      largestFree: ["[@dev.kubesim.v1alpha1.LargestFree!", "Where most of each resource is free."],
      victims: ["[s", "Pods of less priority that were sent away for it, as namespace/name."],
      message: ["s!", "The decision in one sentence."],
    },
  },
  "dev.kubesim.v1alpha1.NodeScore": {
    doc: "NodeScore is what a strategy thought of one node.",
    fields: {
      nodeName: ["s!", "Name of the node."],
      score: ["n!", "Its score; the highest wins."],
      why: ["s", "What the strategy compared, in its own words."],
    },
  },
  "dev.kubesim.v1alpha1.FilterReason": {
    doc: "FilterReason says how many nodes were ruled out for one reason.",
    fields: { reason: ["s!", "The reason, in the scheduler's words."], nodes: ["i!", "How many nodes."] },
  },
  "dev.kubesim.v1alpha1.LargestFree": {
    doc: "LargestFree says where most of a resource is free.",
    fields: {
      resource: ["s!", "Name of the resource."],
      nodeName: ["s!", "Name of the node."],
      free: ["l!", "How much is free there: cpu in milli, memory in bytes, others as counts."],
    },
  },
};
