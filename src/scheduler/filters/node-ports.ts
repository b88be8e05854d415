import type { Filter, Refusal } from "./filter.ts";

const REFUSAL: Refusal = {
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
  unresolvable: false,
};

/** A port of the node belongs to one pod at a time. */
export const nodePorts: Filter = {
  name: "NodePorts",
  check: ({ hostPorts }, { ports }) =>
    hostPorts.length > 0 && ports?.conflictsWith(hostPorts) === true ? REFUSAL : undefined,
};
