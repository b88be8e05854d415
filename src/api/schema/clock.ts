import { KIND_FIELDS, type OwnType } from "./own-type.ts";

/** The kind that says what time it is, written by hand. */
export const CLOCK_TYPES: Readonly<Record<string, OwnType>> = {
  "dev.kubesim.v1alpha1.ClusterClock": {
    doc:
      "ClusterClock says what time it is in the cluster and whether time stands still. The one object of this " +
      "kind is named cluster. The subresources advance and step move a virtual clock that is paused.",
    fields: {
      ...KIND_FIELDS,
      spec: ["@dev.kubesim.v1alpha1.ClusterClockSpec", "Whether time goes on by itself, and how fast."],
      status: ["@dev.kubesim.v1alpha1.ClusterClockStatus", "What time it is."],
    },
  },
  "dev.kubesim.v1alpha1.ClusterClockSpec": {
    doc: "ClusterClockSpec says whether time goes on by itself.",
    fields: {
      mode: [
        "s!",
        "Paused or Running; Real for a cluster on the machine's own clock, which cannot be changed.",
      ],
      speed: ["s", "Virtual seconds per second while it runs: 100x, or max."],
    },
  },
  "dev.kubesim.v1alpha1.ClusterClockStatus": {
    doc: "ClusterClockStatus says what time it is.",
    fields: {
      time: ["u!", "The cluster's time."],
      startTime: ["u", "Where a virtual clock began."],
      elapsed: ["s", "Virtual time since then, as t+02:13:05."],
      elapsedMs: ["l", "The same in milliseconds."],
      advancing: ["b", "True while an advance is under way."],
      pendingTimers: ["l", "Timers that are still to run."],
      nextEventTime: ["u", "When the next of them is due."],
    },
  },
};
