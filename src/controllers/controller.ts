import type { LocalCopies } from "../api/local-copies.ts";
import type { Objects } from "../api/objects.ts";
import type { ServedKinds } from "../api/served-kinds.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import type { ClusterView } from "./cluster-view.ts";

/**
 * A control loop: watches some kinds and drives what is towards what should be. One folder each, one line in
 * registry.ts. Contract: idempotent (may be started on any state, after any crash), speaks only Objects, all waiting
 * on the injected clock, cost proportional to what changes and not to the size of the cluster.
 */
export interface Controller {
  readonly name: string;
  start(context: ControllerContext): Promise<RunningController>;
}

/** What is needed to start controllers. */
export interface ControllersContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** Local copies that they share with other parts of the process; their own unless given. */
  readonly copies?: LocalCopies | undefined;
  /** The kinds that are served, for those who look after objects of every kind. */
  readonly kinds: ServedKinds;
  readonly random: Random;
  /** PEM of the authority that vouches for the API server; absent where it does not listen. */
  readonly rootCertificate?: string;
  /** Told about failures that a controller could not handle; it goes on. */
  readonly onError: (error: unknown) => void;
}

/** What one controller is given: the same, and the local copy that all controllers share. */
export interface ControllerContext extends ControllersContext {
  readonly view: ClusterView;
}

export interface RunningController {
  stop(): void;
}
