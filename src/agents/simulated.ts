import type { AgentContext, RunningAgent } from "./agent.ts";
import { Fleet } from "./simulated/fleet.ts";
import type { RunningPod } from "./simulated/machine.ts";

/** The name in the `kubesim.dev/agent` annotation; also what a Node without it gets. */
export const SIMULATED_AGENT = "simulated";

/** The simulated agent, running; it can be asked what its machines really do. */
export interface RunningSimulatedAgent extends RunningAgent {
  /** The truth about the simulated machines, whatever the API says: pods whose containers run at this moment. */
  pods(): readonly RunningPod[];
}

/**
 * One agent for all simulated nodes. It follows Nodes, Pods, NodeFaults and ClusterSettings once for all of them and
 * keeps no timer per node, so that an idle cluster of any size costs nothing.
 */
export const simulatedAgent = {
  name: SIMULATED_AGENT,
  summary: "machines that exist only in memory: pods run by their annotations, nothing is executed",
  async start(context: AgentContext): Promise<RunningSimulatedAgent> {
    const fleet = new Fleet(context, SIMULATED_AGENT);
    await fleet.start();
    return { stop: () => fleet.stop(), pods: () => fleet.runningPods() };
  },
};
