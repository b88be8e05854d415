import type { ContainerAccess } from "../../api/container-access.ts";
import { ApiError } from "../../api/errors.ts";
import type { Pod } from "../../api/kinds/pod.ts";

/** The kubelets of several agents as one: every request goes to the agent that runs the pod's node. */
export class KubeletChoice implements ContainerAccess {
  readonly #agents: readonly ContainerAccess[];

  constructor(agents: readonly ContainerAccess[]) {
    this.#agents = agents;
  }

  serves(nodeName: string): boolean {
    return this.#agents.some((agent) => agent.serves(nodeName));
  }

  logs(...[pod, ...rest]: Parameters<ContainerAccess["logs"]>): ReturnType<ContainerAccess["logs"]> {
    return this.#agentOf(pod).logs(pod, ...rest);
  }

  /** Fails with ServiceUnavailable for a node that no agent runs. */
  #agentOf({ spec: { nodeName = "" } }: Pod): ContainerAccess {
    const agent = this.#agents.find((each) => each.serves(nodeName));
    if (agent !== undefined) return agent;
    throw new ApiError("ServiceUnavailable", `dial tcp: lookup ${nodeName}: no such host`);
  }
}
