import { isReason } from "../../api/errors.ts";
import { Informer } from "../../api/informer.ts";
import type { Kind } from "../../api/kind.ts";
import { CONTENT_FINALIZER, type Namespace, namespaces } from "../../api/kinds/namespace.ts";
import { keyOf } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";

/** Content that takes its time (pods) is looked at again after this long, then after twice as long, and so on. */
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 5_000;

/** The loop of the namespace-lifecycle controller. */
export class NamespaceLifecycleLoop {
  readonly #context: ControllerContext;
  readonly #informer: Informer<Namespace>;
  readonly #work: KeyedWork;
  /** How long to wait before the next look, by namespace. */
  readonly #nextLookMs = new Map<string, number>();
  #isStopped = false;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (name) => this.#empty(name));
    this.#informer = new Informer(context.objects, context.clock, namespaces, {
      changed: (_, namespace) => {
        if (namespace !== undefined && isTerminating(namespace)) this.#work.request(namespace.metadata.name);
      },
    });
  }

  async start(): Promise<void> {
    await this.#informer.start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#informer.stop();
    this.#work.stop();
  }

  async #empty(name: string): Promise<void> {
    let left = 0;
    for (const kind of this.#context.kinds.resources()) {
      if (kind.namespaced) left += await this.#deleteAll(kind, name);
    }
    if (left === 0) {
      this.#nextLookMs.delete(name);
      await this.#letGo(name);
      return;
    }
    const delayMs = this.#nextLookMs.get(name) ?? FIRST_LOOK_MS;
    this.#nextLookMs.set(name, Math.min(2 * delayMs, LONGEST_LOOK_MS));
    this.#context.clock.after(delayMs, () => {
      if (!this.#isStopped) this.#work.request(name);
    });
  }

  /** Deletes every object of a kind in the namespace. @returns how many of them are still there. */
  async #deleteAll(kind: Kind, namespace: string): Promise<number> {
    const { objects } = this.#context;
    const { items } = await objects.list(kind, { namespace });
    for (const { metadata, ...object } of items) {
      if (metadata.deletionTimestamp !== undefined) continue;
      try {
        await objects.delete(kind, keyOf({ ...object, metadata }), { preconditions: { uid: metadata.uid } });
      } catch (error) {
        // Answered by somebody else and stored nowhere: it ends with what it is about.
        if (isReason(error, "MethodNotAllowed")) return 0;
        if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
      }
    }
    return items.length === 0 ? 0 : (await objects.list(kind, { namespace })).items.length;
  }

  async #letGo(name: string): Promise<void> {
    try {
      const letGo = (namespace: Namespace): Namespace =>
        isTerminating(namespace)
          ? { ...namespace, spec: { ...namespace.spec, finalizers: otherFinalizers(namespace) } }
          : namespace;
      await modify(this.#context.objects, namespaces, { name }, letGo, { part: "finalize" });
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
}

function isTerminating({ metadata, spec }: Namespace): boolean {
  return metadata.deletionTimestamp !== undefined && (spec.finalizers ?? []).includes(CONTENT_FINALIZER);
}

function otherFinalizers({ spec }: Namespace): readonly string[] {
  return (spec.finalizers ?? []).filter((finalizer) => finalizer !== CONTENT_FINALIZER);
}
