import { holdsState } from "../../api/holds-state.ts";
import type { Kind } from "../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../api/meta.ts";
import type { ControllerContext } from "../controller.ts";
import type { SharedInformer } from "../shared-informer.ts";

/** Told of every change of an object of any kind. */
type Changed = (kind: Kind, before: KubeObject | undefined, after: KubeObject | undefined) => void;

/**
 * Local copies of everything that is stored, but for events: there are many and they own nothing. Kinds that
 * definitions add are followed from then on, those that go are left.
 */
export class EveryKind {
  readonly #context: ControllerContext;
  readonly #changed: Changed;
  readonly #informers = new Map<Kind, SharedInformer<KubeObject>>();
  readonly #leave = new Map<Kind, () => void>();
  #unsubscribe: (() => void) | undefined;

  constructor(context: ControllerContext, changed: Changed) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Ready when all that there is has been told. */
  async start(): Promise<void> {
    const { kinds, onError } = this.#context;
    this.#unsubscribe = kinds.onChange(() => {
      this.#leaveGone();
      this.#followNew().catch(onError);
    });
    await this.#followNew();
  }

  stop(): void {
    this.#unsubscribe?.();
    for (const leave of this.#leave.values()) leave();
  }

  get(kind: Kind, key: ObjectKey): KubeObject | undefined {
    return this.#informers.get(kind)?.get(key);
  }

  /** All copies are there before the first is told of, so that owners are seen when their dependents are. */
  async #followNew(): Promise<void> {
    const { view, kinds } = this.#context;
    for (const kind of kinds.resources()) {
      if (holdsState(kind) && !this.#informers.has(kind)) this.#informers.set(kind, await view.follow(kind));
    }
    for (const [kind, informer] of this.#informers) {
      if (this.#leave.has(kind)) continue;
      const leave = informer.join({ changed: (before, after) => this.#changed(kind, before, after) });
      this.#leave.set(kind, leave);
    }
  }

  #leaveGone(): void {
    const { view, kinds } = this.#context;
    const served = new Set(kinds.resources());
    for (const [kind, leave] of this.#leave) {
      if (served.has(kind)) continue;
      leave();
      view.forget(kind);
      this.#leave.delete(kind);
      this.#informers.delete(kind);
    }
  }
}
