import type { ContainerAccess, LogOptions, LogReader } from "../../api/container-access.ts";
import { ApiError } from "../../api/errors.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import type { Host } from "./host.ts";
import { SimulatedLogReader } from "./logs/reader.ts";
import type { Machine, Power } from "./machine.ts";
import type { PodRun } from "./pod-run.ts";

/** The kubelets' servers of all simulated machines. */
export class SimulatedContainers implements ContainerAccess {
  readonly #host: Host;
  readonly #machine: (nodeName: string) => Machine | undefined;

  constructor(host: Host, machine: (nodeName: string) => Machine | undefined) {
    this.#host = host;
    this.#machine = machine;
  }

  serves(nodeName: string): boolean {
    return this.#machine(nodeName) !== undefined;
  }

  logs(pod: Pod, container: string, options: LogOptions): LogReader {
    const run = this.#reach(pod, "containerLogs");
    return new SimulatedLogReader(pod, container, options, {
      clock: this.#host.clock,
      pod: () => (run.isHere ? run.pod : undefined),
      onChange: (callback) => run.observe(callback),
    });
  }

  /** The pod on its machine. Fails with what an API server says of a kubelet that does not answer it. */
  #reach(pod: Pod, service: string): PodRun {
    const { nodeName = "" } = pod.spec;
    const machine = this.#machine(nodeName);
    const run = machine?.run(pod.metadata.uid);
    if (machine?.power === "up" && run !== undefined) return run;
    const { namespace, name } = pod.metadata;
    const address = machine === undefined ? nodeName : machine.address;
    const problem = PROBLEMS[machine?.power ?? "absent"];
    const url = `https://${address}:10250/${service}/${namespace}/${name}`;
    throw new ApiError("ServiceUnavailable", `Get "${url}": dial tcp ${address}:10250: ${problem}`);
  }
}

/** What becomes of a connection to a machine. */
const PROBLEMS: Readonly<Record<Power, string>> = {
  up: "connect: connection refused",
  hung: "i/o timeout",
  crashed: "connect: no route to host",
  absent: "connect: no route to host",
};
