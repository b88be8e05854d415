import type { PortConnection, PortPeer, ProcessOutput, RemoteProcess } from "../../api/container-access.ts";
import { badRequest } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { booleanParameter, textParameter } from "../query.ts";
import type { VerbContext } from "../verbs/context.ts";
import { keyFor } from "../verbs/read.ts";
import { chooseContainer } from "./pod-container.ts";

/** What a connection becomes when it is upgraded: the streams of a process, or connections to ports. */
export type Tunnel = ProcessTunnel | PortTunnel;

export interface ProcessTunnel {
  readonly kind: "process";
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  open(output: ProcessOutput): Promise<RemoteProcess>;
}

export interface PortTunnel {
  readonly kind: "ports";
  /** Those of the query, which only some clients give. */
  readonly ports: readonly number[];
  connect(port: number, peer: PortPeer): Promise<PortConnection>;
  /** Calls back once there is no pod any more, unless what is returned is called before. */
  onPodEnd(callback: () => void): () => void;
}

const TUNNELS: readonly string[] = ["exec", "attach", "portforward"];

/** True for the subresources that are reached by an upgrade. */
export function isTunnel(kind: Kind, subresource: string): boolean {
  return kind.group === "" && kind.plural === "pods" && TUNNELS.includes(subresource);
}

/**
 * Prepares what a request for exec, attach or port-forward asks for. Fails with NotFound, BadRequest and
 * ServiceUnavailable while that can still be an answer.
 */
export async function prepareTunnel(
  context: VerbContext,
  name: string,
  subresource: string,
): Promise<Tunnel> {
  const pod = await context.objects.get<Pod>(pods, keyFor(context, name));
  if (pod.spec.nodeName === undefined) throw badRequest(`pod ${name} does not have a host assigned`);
  const parameters = new URLSearchParams(context.request.target.split("?", 2)[1] ?? "");
  if (subresource === "portforward") return portTunnel(context, pod, parameters.getAll("ports"));
  return processTunnel(context, pod, subresource, parameters.getAll("command"));
}

function processTunnel(
  { containers, query }: VerbContext,
  pod: Pod,
  subresource: string,
  command: readonly string[],
): ProcessTunnel {
  const container = chooseContainer(pod, textParameter(query, "container"));
  const tty = booleanParameter(query, "tty");
  const stdin = booleanParameter(query, "stdin");
  const stdout = booleanParameter(query, "stdout");
  const stderr = booleanParameter(query, "stderr") && !tty;
  if (!stdin && !stdout && !stderr) {
    throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
  }
  if (subresource === "attach") {
    containers.checkRunning(pod, container, "attach");
    const open = (output: ProcessOutput) => containers.attach(pod, container, { stdin, tty }, output);
    return { kind: "process", stdin, stdout, stderr, tty, open };
  }
  if (command.length === 0) throw badRequest("you must specify at least one command for the container");
  containers.checkRunning(pod, container, "exec");
  const open = (output: ProcessOutput) => containers.exec(pod, container, { command, stdin, tty }, output);
  return { kind: "process", stdin, stdout, stderr, tty, open };
}

function portTunnel({ objects, containers }: VerbContext, pod: Pod, texts: readonly string[]): PortTunnel {
  containers.checkRunning(pod, undefined, "portForward");
  const ports = texts.flatMap((text) => text.split(",")).map(readPort);
  const { namespace = "", name, uid } = pod.metadata;
  const connect = async (port: number, peer: PortPeer) => {
    const now = await objects.get<Pod>(pods, { namespace, name });
    if (now.metadata.uid !== uid) throw badRequest(`pod ${name} has been replaced`);
    return containers.connect(now, port, peer);
  };
  const onPodEnd = (callback: () => void) => containers.onPodEnd(pod, callback);
  return { kind: "ports", ports, connect, onPodEnd };
}

/** Fails with BadRequest unless the text is a port. */
export function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw badRequest(`${JSON.stringify(text)} is not a valid port`);
}
