import type { Pod } from "../../api/kinds/pod.ts";
import type { Host } from "./host.ts";
import type { Rejection } from "./node-room.ts";
import type { ResizePending } from "./pod-resize.ts";

/** The machine that a pod runs on, as far as the pod needs to know it. */
export interface PodPlace {
  readonly host: Host;
  readonly nodeName: string;
  readonly address: string;
  /** Images that have been pulled there. */
  readonly images: Set<string>;
  /** False while the machine is hung or crashed, or not yet sure which pods are its own: nothing may happen. */
  readonly isActive: boolean;
  /** Of a pod that has none yet: one of its own, or the machine's on the machine's network. */
  addressFor(pod: Pod): string;
  /** Lets a pod in; says why not when it does not fit. */
  admit(pod: Pod): Rejection | undefined;
  /** Gives a pod that is in what it asks for now; says why not yet. */
  resize(pod: Pod): ResizePending | undefined;
}
