import type { ContainerAccess } from "../api/container-access.ts";
import type { LocalCopies } from "../api/local-copies.ts";
import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import type { ShellHost } from "./shell-host.ts";
import type { UsageReader } from "./usage.ts";

/**
 * A kind of node agent (kubelet): takes care of the Nodes whose `kubesim.dev/agent` annotation names it (absent:
 * `simulated`), renews their Leases, runs the pods bound to them, obeys NodeFaults. It speaks only Objects.
 *
 * Contract (test/conformance/agents.ts): registers what a kubelet reports (capacity, Ready, addresses); a bound pod
 * becomes Running, ends by its annotations, restarts by its policy; a deleted pod is confirmed gone after its grace;
 * a fault acts until it is deleted; an agent that comes back first gets rid of pods that are not its any more.
 */
export interface Agent {
  readonly name: string;
  start(context: AgentContext): Promise<RunningAgent>;
}

export interface AgentContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** Local copies that it shares with other parts of the process; its own unless given. */
  readonly copies?: LocalCopies | undefined;
  readonly random: Random;
  /** Starts who runs emulated shells, when the first is asked for; absent where none can be run. */
  readonly openShells?: () => Promise<ShellHost>;
  /** False: pods start though ConfigMaps and Secrets that they refer to are not there. Default true. */
  readonly checksReferences?: boolean | undefined;
  readonly onError: (error: unknown) => void;
}

export interface RunningAgent {
  /** The truth about its machines, whatever the API says: the pods whose containers run at this moment. */
  pods(): readonly RunningPod[];
  /** What its kubelets do for clients of the API server: logs, exec and the like. */
  readonly containers: ContainerAccess;
  /** What its kubelets measure. */
  readonly usage: UsageReader;
  stop(): void;
}

/** A pod whose containers run on a machine. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly nodeName: string;
}
