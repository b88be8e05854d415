import { isReason } from "../api/errors.ts";
import { type NodeFault, nodeFaults } from "../api/kinds/node-fault.ts";
import type { Objects } from "../api/objects.ts";
import { Label } from "../api/well-known.ts";
import type { EventStream } from "./event-stream.ts";
import { inBatches } from "./heal.ts";
import type { FaultObserver } from "./observe-faults.ts";
import type { TickPlan } from "./plan-tick.ts";

/** The run ends when no write has succeeded for so long. */
const HOPELESS_MS = 30_000;

/** Carries plans out: writes and deletes the NodeFaults of one run, and knows which of them act. */
export class Injector {
  readonly #objects: Objects;
  readonly #stream: EventStream;
  readonly #faults: FaultObserver;
  readonly #runId: string;
  /** Name of the run's fault by node. */
  readonly #acting = new Map<string, string>();
  #sequence = 0;
  /** Since when every write fails. */
  #failingSinceMs: number | undefined;

  constructor(context: {
    readonly objects: Objects;
    readonly stream: EventStream;
    readonly faults: FaultObserver;
    readonly runId: string;
  }) {
    this.#objects = context.objects;
    this.#stream = context.stream;
    this.#faults = context.faults;
    this.#runId = context.runId;
  }

  /** Name of the run's fault on the node, or undefined. */
  faultOn(node: string): string | undefined {
    return this.#acting.get(node);
  }

  /** Nodes with a fault of the run. */
  failedNodes(): Iterable<string> {
    return this.#acting.keys();
  }

  /** A fault of the run acts, whoever saw it first. */
  injected(id: string, node: string): void {
    this.#acting.set(node, id);
  }

  /** A fault of the run is gone, whoever removed it. */
  healed(id: string, node: string): void {
    if (this.#acting.get(node) === id) this.#acting.delete(node);
  }

  /**
   * First all recoveries, then all failures. A write that fails is told and left to the next ticks' dice.
   * Throws when nothing has succeeded for too long.
   */
  async carryOut({ recoveries, failures }: TickPlan): Promise<void> {
    const errors: unknown[] = [];
    const attempt = async (what: string, write: () => Promise<void>) => {
      try {
        await write();
      } catch (error) {
        errors.push(error);
        const message = error instanceof Error ? error.message : String(error);
        this.#stream.emit({ type: "write-failed", what, message });
      }
    };
    await inBatches(recoveries, (node) => attempt(`heal ${node}`, () => this.#recover(node)));
    await inBatches(failures, ({ node, fault }) => attempt(`fail ${node}`, () => this.#fail(node, fault)));
    const total = recoveries.length + failures.length;
    if (errors.length < total) this.#failingSinceMs = undefined;
    if (errors.length === 0 || errors.length < total) return;
    const nowMs = this.#stream.elapsedMs();
    this.#failingSinceMs ??= nowMs;
    if (nowMs - this.#failingSinceMs >= HOPELESS_MS) throw errors[0];
  }

  async #recover(node: string): Promise<void> {
    const name = this.#acting.get(node);
    if (name === undefined) return;
    this.#faults.healing(name, "recovered");
    try {
      await this.#objects.delete(nodeFaults, { name });
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
    this.#faults.healed(name);
  }

  async #fail(node: string, fault: string): Promise<void> {
    const name = `${this.#runId}-${++this.#sequence}`;
    const written = await this.#objects.create<NodeFault>(nodeFaults, {
      apiVersion: "kubesim.dev/v1alpha1",
      kind: "NodeFault",
      metadata: { name, labels: { [Label.chaosRun]: this.#runId } },
      spec: { nodeName: node, fault, origin: this.#runId },
      status: {},
    });
    this.#faults.injected(written);
  }
}
