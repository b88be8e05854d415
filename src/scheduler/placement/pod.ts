import type { PodShape } from "../cache/pod-shape.ts";
import type { PodView } from "../strategy.ts";

/** A pod ready to be placed: what strategies see of it, and what filters do. */
export interface PlaceablePod extends PodView {
  readonly shape: PodShape;
  /** The node that room has been made on for it. */
  readonly nominatedNode?: string;
  /** Uid of the controller that manages it. */
  readonly owner?: string;
}
