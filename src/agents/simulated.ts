import type { Agent } from "./agent.ts";
import { SimulatedContainers } from "./simulated/container-access.ts";
import { Fleet } from "./simulated/fleet.ts";
import { SimulatedUsage } from "./simulated/usage/usage-reader.ts";

/** The name in the `kubesim.dev/agent` annotation; also what a Node without it gets. */
const SIMULATED_AGENT = "simulated";

/**
 * One agent for all simulated nodes. It follows Nodes, Pods, NodeFaults and ClusterSettings once for all of them and
 * keeps no timer per node, so that an idle cluster of any size costs nothing.
 */
export const simulatedAgent: Agent = {
  name: SIMULATED_AGENT,
  async start(context) {
    const fleet = new Fleet(context, SIMULATED_AGENT);
    await fleet.start();
    const containers = new SimulatedContainers(fleet.host, (nodeName) => fleet.machine(nodeName));
    const usage = new SimulatedUsage(fleet);
    const stop = () => {
      fleet.stop();
      containers.stop();
    };
    return { stop, pods: () => fleet.runningPods(), containers, usage };
  },
};
