import type { ChaosEvent } from "../../chaos/events.ts";
import { eventSentence } from "./event-sentence.ts";

/** The history: one sample a second, as many as the screen shows. */
const SAMPLE_MS = 1_000;
const SAMPLES = 60;

/** A node as the live view shows it. */
export interface NodeView {
  readonly name: string;
  /** The truth, by the faults that act. */
  state: "up" | "down";
  fault: string | undefined;
  /** What the API shows. */
  ready: boolean;
  /** Of the state; ms since the run began. */
  sinceMs: number;
  pods: number;
}

interface ConditionView {
  readonly role: "steady" | "abort";
  readonly condition: string;
  readonly holds: boolean;
  /** When it was last looked at; absent before. */
  readonly value: number | undefined;
}

/** What is known of a run after the events so far. */
export class ChaosPicture {
  runId = "chaos";
  seed = "";
  durationMs = 0;
  phase = "starting";
  readonly conditions = new Map<string, ConditionView>();
  readonly log: { readonly t: number; readonly text: string }[] = [];
  /** Running pods, once a second. */
  readonly history: number[] = [];
  #sampledMs = Number.NEGATIVE_INFINITY;
  readonly #nodes = new Map<string, NodeView>();
  /** By uid: where it is, and whether it runs. */
  readonly #pods = new Map<string, { node: string | undefined; running: boolean; finished: boolean }>();

  get nodes(): readonly NodeView[] {
    return [...this.#nodes.values()];
  }

  get pods(): number {
    return [...this.#pods.values()].filter((pod) => !pod.finished).length;
  }

  get running(): number {
    return [...this.#pods.values()].filter((pod) => pod.running).length;
  }

  /** Notes how many pods run, for the history; as often as one likes. */
  sample(elapsedMs: number): void {
    if (elapsedMs - this.#sampledMs < SAMPLE_MS) return;
    this.#sampledMs = elapsedMs;
    this.history.push(this.running);
    if (this.history.length > SAMPLES) this.history.shift();
  }

  /** Takes an event in. */
  take(event: ChaosEvent): void {
    this.#takeRun(event);
    this.#takeNode(event);
    this.#takePod(event);
    const text = eventSentence(event);
    if (text === undefined) return;
    this.log.push({ t: event.t, text });
    if (this.log.length > 50) this.log.shift();
  }

  #takeRun(event: ChaosEvent): void {
    if (event.type === "run-started") {
      this.runId = event.runId;
      this.seed = event.seed;
      this.durationMs = event.options.durationMs;
      for (const { text } of event.options.steady) this.#see("steady", text, true, undefined);
      for (const { text } of event.options.abort) this.#see("abort", text, false, undefined);
    } else if (event.type === "phase") this.phase = event.phase;
    else if (event.type === "check") this.#see("steady", event.condition, event.holds, event.value);
    else if (event.type === "condition-changed") {
      this.#see(event.role, event.condition, event.holds, event.value);
    }
  }

  #see(role: "steady" | "abort", condition: string, holds: boolean, value: number | undefined): void {
    this.conditions.set(`${role} ${condition}`, { role, condition, holds, value });
  }

  #takeNode(event: ChaosEvent): void {
    if (event.type === "node-added") {
      const { node: name, ready = false, t } = event;
      this.#nodes.set(name, { name, state: "up", fault: undefined, ready, sinceMs: t, pods: 0 });
    }
    if (event.type === "node-removed") this.#nodes.delete(event.node);
    if (!("node" in event) || event.node === undefined) return;
    const node = this.#nodes.get(event.node);
    if (node === undefined) return;
    if (event.type === "fault-injected")
      Object.assign(node, { state: "down", fault: event.fault, sinceMs: event.t });
    else if (event.type === "node-healed")
      Object.assign(node, { state: "up", fault: undefined, sinceMs: event.t });
    else if (event.type === "node-ready") node.ready = true;
    else if (event.type === "node-not-ready") node.ready = false;
  }

  #takePod(event: ChaosEvent): void {
    if (!("uid" in event)) return;
    const before = this.#pods.get(event.uid) ?? { node: undefined, running: false, finished: false };
    const pod = { ...before };
    if (event.type === "pod-added") {
      pod.node = event.node;
      pod.running = event.phase === "Running";
      pod.finished = event.phase === "Succeeded" || event.phase === "Failed";
    } else if (event.type === "pod-bound") pod.node = event.node;
    else if (event.type === "pod-running") Object.assign(pod, { node: event.node, running: true });
    else if (event.type === "pod-phase") {
      pod.running = event.phase === "Running";
      pod.finished = event.phase === "Succeeded" || event.phase === "Failed";
    } else if (event.type === "pod-evicted") Object.assign(pod, { node: undefined, running: false });
    this.#count(before.finished ? undefined : before.node, -1);
    if (event.type === "pod-removed") this.#pods.delete(event.uid);
    else {
      this.#pods.set(event.uid, pod);
      this.#count(pod.finished ? undefined : pod.node, 1);
    }
  }

  #count(nodeName: string | undefined, change: number): void {
    const node = nodeName === undefined ? undefined : this.#nodes.get(nodeName);
    if (node !== undefined) node.pods = Math.max(0, node.pods + change);
  }
}
