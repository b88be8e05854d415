import type {
  AttachRequest,
  ContainerAccess,
  ExecRequest,
  LogOptions,
  LogReader,
  PortConnection,
  PortPeer,
  ProcessOutput,
  RemoteProcess,
} from "../../api/container-access.ts";
import { ApiError, badRequest } from "../../api/errors.ts";
import { type Container, isFinished, type Pod } from "../../api/kinds/pod.ts";
import type { ShellHost } from "../shell-host.ts";
import type { Host } from "./host.ts";
import { attachToLog } from "./logs/attach.ts";
import { containerStatusOf } from "./logs/container-run.ts";
import { SimulatedLogReader } from "./logs/reader.ts";
import type { Machine, Power } from "./machine.ts";
import type { PodRun } from "./pod-run.ts";
import { openPort } from "./ports/open-port.ts";
import { containerOf, runId, setUp } from "./shell/container-setup.ts";

/** The kubelets' servers of all simulated machines. */
export class SimulatedContainers implements ContainerAccess {
  readonly #host: Host;
  /** Loaded with the first shell: most clusters never see one. */
  #shells: Promise<ShellHost> | undefined;
  readonly #machine: (nodeName: string) => Machine | undefined;
  /** Runs of containers whose end is waited for. */
  readonly #watched = new Set<string>();

  constructor(host: Host, machine: (nodeName: string) => Machine | undefined) {
    this.#host = host;
    this.#machine = machine;
  }

  serves(nodeName: string): boolean {
    return this.#machine(nodeName) !== undefined;
  }

  checkNode(nodeName: string): void {
    if (this.#machine(nodeName)?.power !== "up") throw this.#silent(nodeName, "");
  }

  logs(pod: Pod, container: string, options: LogOptions): LogReader {
    const run = this.#reach(pod, "containerLogs");
    return this.#reader(run, pod, container, options);
  }

  checkRunning(pod: Pod, container: string | undefined, service: "exec" | "attach" | "portForward"): void {
    this.#reach(pod, service);
    if (container !== undefined) checkRuns(pod, container);
    else if (pod.status.phase !== "Running") throw notRunning(pod);
  }

  connect(pod: Pod, port: number, peer: PortPeer): PortConnection {
    const run = this.#reach(pod, "portForward");
    if (!run.hasContainers) throw notRunning(pod);
    return openPort(pod, port, peer, (callback) => run.observe(() => !run.hasContainers && callback()));
  }

  onPodEnd(pod: Pod, callback: () => void): () => void {
    const run = this.#reach(pod, "portForward");
    const stop = run.observe(() => {
      if (run.isHere && !isFinished(run.pod) && !this.#hasCrashed(run)) return;
      stop();
      callback();
    });
    return stop;
  }

  #hasCrashed({ pod }: PodRun): boolean {
    return this.#machine(pod.spec.nodeName ?? "")?.power === "crashed";
  }

  async exec(
    pod: Pod,
    container: string,
    request: ExecRequest,
    output: ProcessOutput,
  ): Promise<RemoteProcess> {
    const run = this.#reach(pod, "exec");
    checkRuns(pod, container);
    return await this.#startProcess(run, pod, container, request, output);
  }

  /** A container that reads stdin is a shell, or its command run by one; another one only shows its log. */
  async attach(
    pod: Pod,
    container: string,
    request: AttachRequest,
    output: ProcessOutput,
  ): Promise<RemoteProcess> {
    const run = this.#reach(pod, "attach");
    checkRuns(pod, container);
    const { stdin, command = [], args = [] } = containerOf(pod, container) ?? {};
    if (stdin !== true) {
      const options = { follow: true, previous: false, timestamps: false, tailLines: 0 };
      return attachToLog(this.#reader(run, pod, container, options), output);
    }
    const process = await this.#startProcess(
      run,
      pod,
      container,
      { ...request, command: command.length + args.length > 0 ? [...command, ...args] : ["sh"] },
      output,
    );
    void process.exit.then((exit) => "code" in exit && run.endContainer(container, exit.code));
    return process;
  }

  stop(): void {
    void this.#shells?.then((shells) => shells.stop());
  }

  async #startProcess(
    run: PodRun,
    pod: Pod,
    name: string,
    request: ExecRequest,
    output: ProcessOutput,
  ): Promise<RemoteProcess> {
    const container = containerOf(pod, name) as Container;
    this.#shells ??= openShells(this.#host);
    const shells = await this.#shells;
    const id = runId(pod, name);
    const made = await setUp(this.#host.objects, pod, container, shells.knows(id));
    const env = { ...made.env, ...(request.tty && { TERM: "xterm" }) };
    const workingDirectory = container.workingDir ?? "/";
    const { command, stdin, tty } = request;
    const what = { container: made.container, command, env, workingDirectory, stdin, tty };
    const process = shells.start(what, output, (code) => run.endContainer(name, code));
    this.#forgetAtEnd(shells, run, name, id);
    return process;
  }

  /** The files of a container go with it. */
  #forgetAtEnd(shells: ShellHost, run: PodRun, name: string, id: string): void {
    if (this.#watched.has(id)) return;
    this.#watched.add(id);
    const stop = run.observe(() => {
      const isRunning = containerStatusOf(run.pod, name)?.state.running !== undefined;
      const isSame = isRunning && runId(run.pod, name) === id;
      if (run.isHere && isSame && !this.#hasCrashed(run)) return;
      stop();
      this.#watched.delete(id);
      shells.forget(id);
    });
  }

  #reader(run: PodRun, pod: Pod, container: string, options: LogOptions): LogReader {
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
    throw this.#silent(nodeName, `${service}/${namespace}/${name}`);
  }

  /** What an API server says of a kubelet that does not answer. */
  #silent(nodeName: string, path: string): ApiError {
    const machine = this.#machine(nodeName);
    const address = machine === undefined ? nodeName : machine.address;
    const problem = PROBLEMS[machine?.power ?? "absent"];
    const url = `https://${address}:10250/${path}`;
    return new ApiError("ServiceUnavailable", `Get "${url}": dial tcp ${address}:10250: ${problem}`);
  }
}

function notRunning(pod: Pod): ApiError {
  return badRequest(`unable to forward port because pod is not running. Current status=${pod.status.phase}`);
}

/** Fails with BadRequest where nobody runs shells. */
async function openShells({ openShells: open }: Host): Promise<ShellHost> {
  if (open === undefined) throw badRequest("no process can be run in the containers of this cluster");
  return await open();
}

/** Fails with BadRequest unless the container runs. */
function checkRuns(pod: Pod, container: string): void {
  if (containerStatusOf(pod, container)?.state.running !== undefined) return;
  throw badRequest(`container not found ("${container}")`);
}

/** What becomes of a connection to a machine. */
const PROBLEMS: Readonly<Record<Power, string>> = {
  up: "connect: connection refused",
  hung: "i/o timeout",
  crashed: "connect: no route to host",
  absent: "connect: no route to host",
};
