import type { Fault } from "../fault.ts";

/** The node dies at once: no heartbeats, its pods are gone; after healing it comes back empty. */
export const nodeCrash: Fault = {
  name: "node-crash",
  summary: "the node dies at once and comes back empty",
  losesPods: true,
};
