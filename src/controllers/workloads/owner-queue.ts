import { ApiError, isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type LabelSelector, selects } from "../../api/label-selector.ts";
import type { KubeObject } from "../../api/meta.ts";
import { controllerOf, refersTo } from "../../api/owner-references.ts";
import type { Timer } from "../../clock/clock.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import type { SharedInformer } from "../shared-informer.ts";
import { EXPECTATIONS_TIMEOUT_MS, Expectations } from "./expectations.ts";

/** An owner is looked at once in so long at most, however fast its objects change. */
const PACE_MS = 10;
/** Failures of one owner are tried again after this, then after twice as long, up to the longest (client-go's). */
const FIRST_RETRY_MS = 5;
const LONGEST_RETRY_MS = 1_000_000;

/** What a queue of owners needs to know of their kind. */
export interface OwnerQueueOptions<T extends KubeObject> {
  readonly kind: Kind<T>;
  /** One look at an owner: what is there, what should be, and the writes between the two. */
  readonly sync: (owner: T) => Promise<void>;
  /** By what owners find objects that nobody manages; absent: they adopt none. */
  readonly selectorOf?: (owner: T) => LabelSelector | undefined;
  /** Told when an owner is gone. */
  readonly forget?: (uid: string) => void;
}

/**
 * Decides when an owner is looked at: when it or one of its objects changes, at an instant it asked for, and again
 * after a failure; never twice at once, and never while writes of the last look have not been seen to arrive.
 */
export class OwnerQueue<T extends KubeObject> {
  readonly expectations = new Expectations();
  readonly #context: ControllerContext;
  readonly #options: OwnerQueueOptions<T>;
  readonly #work: KeyedWork;
  readonly #owners = new Map<string, T>();
  readonly #byNamespace = new Map<string, Set<string>>();
  readonly #dirty = new Set<string>();
  readonly #timers = new Map<string, Timer & { readonly atMs: number }>();
  readonly #claims = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #lookedAtMs = new Map<string, number>();
  readonly #leave: (() => void)[] = [];

  constructor(context: ControllerContext, options: OwnerQueueOptions<T>) {
    this.#context = context;
    this.#options = options;
    this.#work = new KeyedWork(context, (uid) => this.#look(uid));
  }

  /** Begins to follow the owners. */
  async start(): Promise<void> {
    const informer = await this.#context.view.follow(this.#options.kind);
    this.#leave.push(
      informer.join({
        changed: (before, after) => this.#ownerChanged(before, after),
        settled: () => this.#flush(),
      }),
    );
    this.#flush();
  }

  /** Looks at owners when objects of this kind change, that belong to them or could. */
  followChildren<C extends KubeObject>(informer: SharedInformer<C>): void {
    this.#leave.push(
      informer.join({
        changed: (before, after) => this.#childChanged(before, after),
        settled: () => this.#flush(),
      }),
    );
    this.#flush();
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#work.stop();
  }

  /** The owner as this process knows it. */
  get(uid: string): T | undefined {
    return this.#owners.get(uid);
  }

  values(): Iterable<T> {
    return this.#owners.values();
  }

  /** Has the owner looked at soon. */
  request(uid: string): void {
    const waitMs = (this.#lookedAtMs.get(uid) ?? Number.NEGATIVE_INFINITY) + PACE_MS - this.#nowMs;
    if (waitMs > 0) this.requestAfter(uid, waitMs);
    else this.#work.request(uid);
  }

  /** Has it looked at then, or earlier when something else asks for that. */
  requestAfter(uid: string, delayMs: number): void {
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const known = this.#timers.get(uid);
    if (known !== undefined && known.atMs <= atMs) return;
    known?.cancel();
    const timer = this.#context.clock.after(delayMs, () => {
      this.#timers.delete(uid);
      this.#work.request(uid);
    });
    this.#timers.set(uid, { atMs, cancel: () => timer.cancel() });
  }

  /** True once after the owner may have to adopt or release something. */
  takeClaim(uid: string): boolean {
    return this.#claims.delete(uid);
  }

  /** Makes `takeClaim` true again, when claiming failed. */
  wantClaim(uid: string): void {
    this.#claims.add(uid);
  }

  get #nowMs(): number {
    return this.#context.clock.monotonicMs();
  }

  #ownerChanged(before: T | undefined, after: T | undefined): void {
    const { uid, namespace = "" } = ((after ?? before) as T).metadata;
    const others = this.#byNamespace.get(namespace) ?? new Set();
    this.#byNamespace.set(namespace, others);
    if (after === undefined) {
      others.delete(uid);
      this.#owners.delete(uid);
      this.#failures.delete(uid);
      this.#lookedAtMs.delete(uid);
      this.#claims.delete(uid);
      this.expectations.forget(uid);
      this.#options.forget?.(uid);
      return;
    }
    others.add(uid);
    if (before === undefined) this.#claims.add(uid);
    this.#owners.set(uid, after);
    this.#dirty.add(uid);
  }

  #childChanged<C extends KubeObject>(before: C | undefined, after: C | undefined): void {
    // Most pods of a simulation are nobody's, and there is nobody who could take them.
    if (this.#owners.size === 0 && !hasOwners(before) && !hasOwners(after)) return;
    const left = before && this.#ownerOf(before);
    const joined = after && this.#ownerOf(after);
    const { uid } = ((after ?? before) as C).metadata;
    if (joined !== undefined) {
      if (before === undefined) this.expectations.created(joined);
      if (after?.metadata.deletionTimestamp !== undefined) this.expectations.deleted(joined, uid);
      if (before !== undefined && before.metadata.labels !== after?.metadata.labels) this.#claims.add(joined);
      this.#dirty.add(joined);
    }
    if (left !== undefined && left !== joined) {
      this.expectations.deleted(left, uid);
      this.#dirty.add(left);
    }
    if (after !== undefined && joined === undefined) this.#considerOrphan(before, after);
  }

  #ownerOf(child: KubeObject): string | undefined {
    const owner = controllerOf(child);
    return owner !== undefined && refersTo(owner, this.#options.kind) ? owner.uid : undefined;
  }

  /** An object without a manager belongs to whoever selects it. */
  #considerOrphan(before: KubeObject | undefined, after: KubeObject): void {
    const { selectorOf } = this.#options;
    const { labels, namespace = "" } = after.metadata;
    if (selectorOf === undefined || labels === undefined || controllerOf(after) !== undefined) return;
    if (before?.metadata.labels === labels && controllerOf(before) === undefined) return;
    for (const uid of this.#byNamespace.get(namespace) ?? []) {
      const selector = selectorOf(this.#owners.get(uid) as T);
      if (selector === undefined || !selects(selector, labels)) continue;
      this.#claims.add(uid);
      this.#dirty.add(uid);
    }
  }

  /** Many changes that come together lead to one look. */
  #flush(): void {
    if (this.#dirty.size === 0) return;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const uid of dirty) if (this.#owners.has(uid)) this.request(uid);
  }

  async #look(uid: string): Promise<void> {
    const owner = this.#owners.get(uid);
    if (owner === undefined) return;
    if (!this.expectations.isMet(uid, this.#nowMs)) {
      this.requestAfter(uid, EXPECTATIONS_TIMEOUT_MS);
      return;
    }
    this.#lookedAtMs.set(uid, this.#nowMs);
    try {
      await this.#options.sync(owner);
      this.#failures.delete(uid);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // It was changed or deleted meanwhile: the change itself leads to the next look.
      if (!isReason(error, "Conflict") && !isReason(error, "NotFound")) this.#retry(uid);
    }
    this.#lookedAtMs.set(uid, this.#nowMs);
  }

  #retry(uid: string): void {
    const failures = this.#failures.get(uid) ?? 0;
    this.#failures.set(uid, failures + 1);
    this.requestAfter(uid, Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS));
  }
}

function hasOwners(object: KubeObject | undefined): boolean {
  return object !== undefined && object.metadata.ownerReferences !== undefined;
}
