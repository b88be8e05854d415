import { isNodeReady, type Node, nodes } from "../../api/kinds/node.ts";
import { pods } from "../../api/kinds/pod.ts";
import { type RunningCluster, startCluster } from "../../cluster/cluster.ts";
import { VERSION } from "../../cluster/version.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import type { ConnectedCluster } from "../connection.ts";
import { Exit } from "../errors.ts";
import { wrap } from "../help/two-columns.ts";
import { parseCommandLine } from "../program.ts";
import { COMMANDS } from "../registry.ts";
import { isStarted } from "./wait-for-pods.ts";

/** Longest wait for something the tour shows; it takes a few seconds with the timing profile in force. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 100;

export const run: CommandRun = async (outer) => {
  const { io, clock } = outer;
  const startedMs = clock.monotonicMs();
  // In this process, in memory, without a port: nothing that another cluster or a later run could notice.
  const cluster = await startCluster({
    store: { kind: "memory" },
    clock,
    settings: { strategy: "first-fit", timingProfile: "fast", seed: "demo" },
    version: VERSION,
  });
  try {
    await new Tour(outer, cluster).take();
  } finally {
    await cluster.stop();
  }
  const seconds = ((clock.monotonicMs() - startedMs) / 1_000).toFixed(0);
  io.result(io.paint("dim", `The demo cluster is gone; nothing is left behind. That took ${seconds} s.`));
  io.result("Now your own: kubesim nodes add --cpu 4 --count 3, or just kubesim for the menu.");
};

/** The tour: real commands on the demo's cluster, with a word about each. */
class Tour {
  readonly #context: CommandContext;
  readonly #objects: RunningCluster["objects"];

  constructor(outer: CommandContext, { objects }: RunningCluster) {
    const cluster: ConnectedCluster = {
      objects,
      // Nothing listens there; chaos asks whether the cluster is on this machine.
      url: "https://127.0.0.1",
      version: async () => ({ gitVersion: `v${VERSION}+kubesim` }),
    };
    const globals = { ...outer.globals, cluster: "demo", output: "table" as const, namespace: "default" };
    this.#context = { ...outer, cluster, globals };
    this.#objects = objects;
  }

  async take(): Promise<void> {
    this.#say("A cluster is up: API, scheduler, controllers and node agents, all in this process.");
    this.#say("Three nodes join. Each has an agent that registers it and sends heartbeats.");
    await this.#command("nodes add --cpu 4 --memory 16Gi --count 3");
    await this.#until("the nodes are ready", async () => (await this.#nodes()).every(isNodeReady));
    this.#say("Six pods of one core. Each launch says where the pod went, and why.");
    await this.#command("pods launch --cpu 1 --memory 1Gi --count 6");
    await this.#allRunning();
    await this.#command("nodes list");
    this.#say("One more, far too large. It waits, and the scheduler can say why.");
    await this.#command("pods launch giant --cpu 64");
    await this.#command("explain pod giant");
    await this.#command("pods delete giant");
    this.#say("Now node-1 crashes. Its heartbeats stop; after 4 s the cluster notices and moves its pods.");
    await this.#command("nodes kill node-1");
    await this.#until("node-1 is noticed", async () =>
      (await this.#nodes()).some((node) => !isNodeReady(node)),
    );
    await this.#allRunning();
    await this.#command("pods list");
    await this.#command("events --limit 6");
    await this.#command("nodes revive node-1");
    await this.#until("node-1 is back", async () => (await this.#nodes()).every(isNodeReady));
    this.#say("Another strategy takes effect for the next pod.");
    await this.#command("strategy set spread");
    await this.#command("pods launch --cpu 500m --count 3");
    this.#say("Finally chaos: at every tick nodes fail and recover by chance, from a seed; then a report.");
    const plain = this.#context.io.stderr.isTTY === true ? "" : " --plain";
    await this.#command(
      `chaos --duration 14 --tick 2s --failure-prob 0.1 --recovery-prob 0.2 --seed 42${plain}`,
    );
    await this.#command("status");
  }

  async #command(line: string): Promise<void> {
    const { io, signal } = this.#context;
    signal.throwIfAborted();
    io.result(`${io.paint("green", "$")} ${io.paint("bold", `kubesim ${line}`)}`);
    const parsed = parseCommandLine(line.split(" "), {
      commands: COMMANDS,
      version: VERSION,
      env: {},
      bold: (text) => text,
      width: io.width(),
    });
    if (parsed.kind !== "run") return;
    const { run } = await parsed.command.load();
    try {
      await run(this.#context, parsed.input);
    } catch (error) {
      // How a chaos run ended is said by its report.
      if (!(error instanceof Exit)) throw error;
    }
    io.result("");
  }

  #say(text: string): void {
    const { io } = this.#context;
    for (const line of wrap(text, Math.min(io.width(), 100) - 2)) io.result(io.paint("cyan", line));
  }

  async #nodes(): Promise<readonly Node[]> {
    return (await this.#objects.list(nodes)).items;
  }

  #allRunning(): Promise<void> {
    return this.#until("all pods run", async () => {
      const { items } = await this.#objects.list(pods);
      const alive = new Set((await this.#nodes()).filter(isNodeReady).map((node) => node.metadata.name));
      return items.every((pod) => isStarted(pod) && alive.has(pod.spec.nodeName ?? ""));
    });
  }

  /** Goes on anyway after a while: a tour must end. */
  async #until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const { clock, signal, io } = this.#context;
    const dueMs = clock.monotonicMs() + PATIENCE_MS;
    while (!(await isSo())) {
      if (clock.monotonicMs() > dueMs) return io.note(`(still waiting until ${what}; going on)`);
      await clock.sleep(LOOK_MS, signal);
    }
  }
}
