import { isReason } from "../../src/api/errors.ts";
import { isNodeReady, nodes } from "../../src/api/kinds/node.ts";
import { nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import type { Objects } from "../../src/api/objects.ts";
import type { Command } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/registry.ts";
import { connect } from "../../src/client/launch.ts";
import { RealClock } from "../../src/clock/real.ts";
import type { Home } from "./program.ts";

const clock = new RealClock();

/** What stands before every example: three good nodes, two pods. */
const NODES = ["node-1", "node-2", "node-3"];
const PODS = ["pod-1", "pod-2"];

/** A connection into a home's running cluster. */
export async function connectTo(home: Home): Promise<{ objects: Objects; close(): Promise<void> }> {
  const io = { env: home.env, note: () => {} };
  return connect({ io, clock, globals: { cluster: "default" } });
}

/** Puts the cluster into the state that examples speak of, whatever was done to it before. */
export async function setScene(objects: Objects): Promise<void> {
  for (const { metadata } of (await objects.list(nodeFaults)).items) {
    await objects.delete(nodeFaults, { name: metadata.name });
  }
  const there = (await objects.list(nodes)).items;
  for (const { metadata } of there.filter((node) => !NODES.includes(node.metadata.name))) {
    await objects.delete(nodes, { name: metadata.name });
  }
  for (const name of NODES) {
    const node = there.find(({ metadata }) => metadata.name === name);
    if (node?.spec.unschedulable === true) await objects.delete(nodes, { name });
    if (node === undefined || node.spec.unschedulable === true) await createNode(objects, name);
  }
  for (const { metadata } of (await objects.list(pods)).items) await deletePod(objects, metadata.name);
  for (const name of PODS) await createPod(objects, name);
  await until(async () => (await objects.list(nodes)).items.every(isNodeReady));
  await until(async () => (await objects.list(pods)).items.every((pod) => pod.spec.nodeName !== undefined));
}

/** Every command that is listed. */
export const LISTED: readonly Command[] = COMMANDS.filter((command) => !command.hidden);

/** The words of an example behind `kubesim`, up to a pipe or a bracket; quotes as a shell takes them. */
export function wordsOf(line: string): string[] {
  const from = line.slice(line.indexOf("kubesim ") + "kubesim ".length);
  const command = from.split(/ \| | < |\)/)[0] ?? "";
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? (match[2] as string));
}

async function createNode(objects: Objects, name: string): Promise<void> {
  const capacity = { cpu: "8", memory: "32Gi", pods: "110" };
  await objects.create(nodes, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {},
    status: { capacity, allocatable: capacity },
  });
}

async function createPod(objects: Objects, name: string): Promise<void> {
  await objects.create(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "main", image: "pause", resources: { requests: { cpu: "1" } } }] },
    status: { phase: "Pending" },
  });
}

async function deletePod(objects: Objects, name: string): Promise<void> {
  try {
    await objects.delete(pods, { name, namespace: "default" }, { gracePeriodSeconds: 0 });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

/** Looks again and again until it is so; gives up after a while. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const dueMs = clock.monotonicMs() + 120_000;
  while (!(await isSo())) {
    if (clock.monotonicMs() > dueMs) throw new Error("it does not come about");
    await clock.sleep(50);
  }
}
