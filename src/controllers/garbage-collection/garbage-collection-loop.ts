import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type KubeObject, keyOf, type OwnerReference } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { DeleteOptions } from "../../api/objects.ts";
import { Finalizer } from "../../api/well-known.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { EveryKind } from "./every-kind.ts";
import {
  deletesDependentsFirst,
  type Owned,
  Ownership,
  orphansDependents,
  ownerKey,
  ownerKind,
} from "./ownership.ts";

/** So many uids of owners that are gone are remembered; their dependents often come by thousands. */
const REMEMBERED = 1_000;

/** The loop of the garbage-collection controller. */
export class GarbageCollectionLoop {
  readonly #context: ControllerContext;
  readonly #ownership = new Ownership();
  readonly #copies: EveryKind;
  readonly #work: KeyedWork;
  readonly #waiting = new Map<string, Owned>();
  readonly #goneOwners = new Set<string>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (uid) => this.#process(uid));
    this.#copies = new EveryKind(context, (...change) => this.#changed(...change));
  }

  async start(): Promise<void> {
    await this.#copies.start();
  }

  stop(): void {
    this.#copies.stop();
    this.#work.stop();
  }

  #changed(kind: Kind, before: KubeObject | undefined, after: KubeObject | undefined): void {
    this.#ownership.changed(kind, before, after);
    if (after === undefined) {
      this.#gone(before as KubeObject);
      return;
    }
    if (deletesDependentsFirst(after) || orphansDependents(after)) this.#request({ kind, object: after });
    const { ownerReferences } = after.metadata;
    if (ownerReferences === undefined || ownerReferences === before?.metadata.ownerReferences) return;
    // Only what may have lost an owner, or has one that goes with its dependents, needs a look.
    if (ownerReferences.some((reference) => !this.#isSeenWell(reference, after))) {
      this.#request({ kind, object: after });
    }
  }

  #gone(object: KubeObject): void {
    for (const dependent of this.#ownership.dependentsOf(object.metadata.uid)) this.#request(dependent);
    for (const reference of object.metadata.ownerReferences ?? []) {
      const owner = this.#seen(reference, object);
      if (owner !== undefined && deletesDependentsFirst(owner.object)) this.#request(owner);
    }
  }

  #isSeenWell(reference: OwnerReference, dependent: KubeObject): boolean {
    const owner = this.#seen(reference, dependent);
    return owner !== undefined && !deletesDependentsFirst(owner.object);
  }

  /** The owner in the local copy. */
  #seen(reference: OwnerReference, dependent: KubeObject): Owned | undefined {
    const kind = ownerKind(this.#context.kinds.resources(), reference);
    const object = kind && this.#copies.get(kind, ownerKey(kind, reference, dependent));
    return kind !== undefined && object?.metadata.uid === reference.uid ? { kind, object } : undefined;
  }

  #request(owned: Owned): void {
    const { uid } = owned.object.metadata;
    this.#waiting.set(uid, owned);
    this.#work.request(uid);
  }

  async #process(uid: string): Promise<void> {
    const waiting = this.#waiting.get(uid);
    if (waiting === undefined) return;
    this.#waiting.delete(uid);
    try {
      await this.#decide(waiting);
    } catch (error) {
      if (isReason(error, "NotFound")) return;
      this.#waiting.set(uid, waiting);
      // Changed since it was read: read again.
      if (isReason(error, "Conflict")) this.#work.request(uid);
      else throw error;
    }
  }

  async #decide({ kind, object }: Owned): Promise<void> {
    const fresh = await this.#context.objects.get(kind, keyOf(object));
    if (fresh.metadata.uid !== object.metadata.uid) return;
    if (orphansDependents(fresh)) await this.#orphan(kind, fresh);
    else if (deletesDependentsFirst(fresh)) await this.#deleteDependents(kind, fresh);
    else if (fresh.metadata.deletionTimestamp === undefined) await this.#deleteWhenUnowned(kind, fresh);
  }

  /** Takes the owner out of the references of all that depend on it, then lets it go. */
  async #orphan(kind: Kind, owner: KubeObject): Promise<void> {
    const { uid } = owner.metadata;
    const dependents = this.#ownership.dependentsOf(uid);
    await Promise.all(dependents.map((dependent) => this.#withoutOwners(dependent, new Set([uid]))));
    await this.#removeFinalizer(kind, owner, Finalizer.orphan);
  }

  /** Lets the owner go once nothing is left that blocks it; until then sees to what is left. */
  async #deleteDependents(kind: Kind, owner: KubeObject): Promise<void> {
    const { uid } = owner.metadata;
    const dependents = this.#ownership.dependentsOf(uid);
    if (!dependents.some((dependent) => isBlocking(dependent.object, uid))) {
      await this.#removeFinalizer(kind, owner, Finalizer.foreground);
    }
    for (const dependent of dependents) {
      if (dependent.object.metadata.deletionTimestamp === undefined) this.#request(dependent);
    }
  }

  async #deleteWhenUnowned(kind: Kind, object: KubeObject): Promise<void> {
    const { ownerReferences = [], uid, resourceVersion } = object.metadata;
    const going = new Set<string>();
    let isOwned = false;
    let isWaitedFor = false;
    for (const reference of ownerReferences) {
      const state = await this.#ownerState(reference, object);
      if (state === "there") isOwned = true;
      else going.add(reference.uid);
      if (state === "waiting") isWaitedFor = true;
    }
    if (going.size === 0) return;
    if (isOwned) {
      await this.#withoutOwners({ kind, object }, going);
      return;
    }
    const inForeground = isWaitedFor && this.#ownership.hasDependents(uid);
    const options: DeleteOptions = {
      preconditions: { uid, resourceVersion },
      propagationPolicy: inForeground ? "Foreground" : ownPolicy(object),
    };
    await this.#context.objects.delete(kind, keyOf(object), options);
  }

  /** Whether an owner is there, is gone, or waits for its dependents to go before it. */
  async #ownerState(reference: OwnerReference, dependent: KubeObject): Promise<"there" | "gone" | "waiting"> {
    if (this.#goneOwners.has(reference.uid)) return "gone";
    const kind = ownerKind(this.#context.kinds.resources(), reference);
    // Nothing is known of kinds that are not served: what they own stays.
    if (kind === undefined) return "there";
    try {
      const owner = await this.#context.objects.get(kind, ownerKey(kind, reference, dependent));
      if (owner.metadata.uid === reference.uid) return deletesDependentsFirst(owner) ? "waiting" : "there";
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
    if (this.#goneOwners.size >= REMEMBERED) this.#goneOwners.clear();
    this.#goneOwners.add(reference.uid);
    return "gone";
  }

  async #withoutOwners({ kind, object }: Owned, uids: ReadonlySet<string>): Promise<void> {
    await this.#modify(kind, object, (now) => {
      const references = now.metadata.ownerReferences ?? [];
      const left = references.filter((reference) => !uids.has(reference.uid));
      if (left.length === references.length) return now;
      const { ownerReferences: _, ...metadata } = now.metadata;
      return { ...now, metadata: left.length === 0 ? metadata : { ...metadata, ownerReferences: left } };
    });
  }

  async #removeFinalizer(kind: Kind, object: KubeObject, finalizer: string): Promise<void> {
    await this.#modify(kind, object, (now) => {
      const finalizers = now.metadata.finalizers ?? [];
      const left = finalizers.filter((other) => other !== finalizer);
      return left.length === finalizers.length
        ? now
        : { ...now, metadata: { ...now.metadata, finalizers: left } };
    });
  }

  async #modify(kind: Kind, object: KubeObject, change: (now: KubeObject) => KubeObject): Promise<void> {
    const { uid } = object.metadata;
    try {
      await modify(this.#context.objects, kind, keyOf(object), (now) =>
        now.metadata.uid === uid ? change(now) : now,
      );
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
}

function isBlocking({ metadata }: KubeObject, ownerUid: string): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion === true,
  );
}

/** What the object's own finalizers ask for. */
function ownPolicy({ metadata }: KubeObject): NonNullable<DeleteOptions["propagationPolicy"]> {
  if (metadata.finalizers?.includes(Finalizer.orphan)) return "Orphan";
  return metadata.finalizers?.includes(Finalizer.foreground) ? "Foreground" : "Background";
}
