import type { Fault } from "../fault.ts";

/** The node stops answering but forgets nothing: pods that were not evicted meanwhile go on after healing. */
export const nodeHang: Fault = {
  name: "node-hang",
  summary: "the node stops answering; its pods go on when it is healed before they are moved",
  losesPods: false,
};
