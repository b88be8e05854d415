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

  checkNode(nodeName: string): void {
    this.#agentFor(nodeName).checkNode(nodeName);
  }

  logs(...[pod, ...rest]: Parameters<ContainerAccess["logs"]>): ReturnType<ContainerAccess["logs"]> {
    return this.#agentOf(pod).logs(pod, ...rest);
  }

  checkRunning(...[pod, ...rest]: Parameters<ContainerAccess["checkRunning"]>): void {
    this.#agentOf(pod).checkRunning(pod, ...rest);
  }

  connect(...[pod, ...rest]: Parameters<ContainerAccess["connect"]>): ReturnType<ContainerAccess["connect"]> {
    return this.#agentOf(pod).connect(pod, ...rest);
  }

  onPodEnd(...[pod, ...rest]: Parameters<ContainerAccess["onPodEnd"]>): () => void {
    return this.#agentOf(pod).onPodEnd(pod, ...rest);
  }

  exec(...[pod, ...rest]: Parameters<ContainerAccess["exec"]>): ReturnType<ContainerAccess["exec"]> {
    return this.#agentOf(pod).exec(pod, ...rest);
  }

  attach(...[pod, ...rest]: Parameters<ContainerAccess["attach"]>): ReturnType<ContainerAccess["attach"]> {
    return this.#agentOf(pod).attach(pod, ...rest);
  }

  #agentOf({ spec: { nodeName = "" } }: Pod): ContainerAccess {
    return this.#agentFor(nodeName);
  }

  /** Fails with ServiceUnavailable for a node that no agent runs. */
  #agentFor(nodeName: string): ContainerAccess {
    const agent = this.#agents.find((each) => each.serves(nodeName));
    if (agent !== undefined) return agent;
    throw new ApiError("ServiceUnavailable", `dial tcp: lookup ${nodeName}: no such host`);
  }
}
