import { KIND_FIELDS, type OwnType } from "./own-type.ts";

const MEASURED = {
  timestamp: ["t!", "When it was measured: the end of the window."],
  window: ["s!", "How long it was measured, e.g. 20s."],
} as const;
const PACKAGE = "io.k8s.metrics.pkg.apis.metrics.v1beta1";

/** The kinds of metrics.k8s.io/v1beta1, written by hand: no package has their declarations. */
export const METRICS_TYPES: Readonly<Record<string, OwnType>> = {
  [`${PACKAGE}.NodeMetrics`]: {
    doc: "NodeMetrics tells how much of its resources a node uses.",
    fields: {
      ...KIND_FIELDS,
      ...MEASURED,
      usage: ["{q!", "What all containers of the node use: cpu and memory."],
    },
  },
  [`${PACKAGE}.PodMetrics`]: {
    doc: "PodMetrics tells how much of its resources a pod uses.",
    fields: {
      ...KIND_FIELDS,
      ...MEASURED,
      containers: [`[@${PACKAGE}.ContainerMetrics!`, "What each container of the pod uses."],
    },
  },
  [`${PACKAGE}.ContainerMetrics`]: {
    doc: "ContainerMetrics tells how much of its resources a container uses.",
    fields: {
      name: ["s!", "Name of the container."],
      usage: ["{q!", "What it uses: cpu and memory."],
    },
  },
};
