import { ApiError, badRequest, notFound, type Status } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import { type Applied, applyTo, entriesOfNew } from "../api/managed-fields/apply.ts";
import type { ManagedFieldsEntry } from "../api/managed-fields/managers.ts";
import { type Draft, type KubeObject, keyOf, type ObjectKey } from "../api/meta.ts";
import { checkNamed } from "../api/named-object.ts";
import type {
  ApplyPatch,
  CreateOptions,
  DeleteOptions,
  ListOptions,
  ObjectList,
  Objects,
  Patch,
  UpdateOptions,
  Watch,
  WatchObserver,
  WatchOptions,
  WriteOptions,
} from "../api/objects.ts";
import { applyPatch, patchRefused } from "../api/patch/apply.ts";
import { conformObject } from "../api/schema/conform-object.ts";
import { DecodingError } from "../api/schema/schema.ts";
import type { TokenSigner } from "../api/token-signer.ts";
import { uidAt } from "../api/uid.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import { type ComputedKind, ComputedKinds } from "./computed.ts";
import { checkDeletable, deletedState, deletedStatus, isReleased, removal } from "./deletion.ts";
import { Intake } from "./intake.ts";
import { recordKey } from "./keys.ts";
import { listObjects } from "./list.ts";
import { lookupIn } from "./lookup.ts";
import { checkFinalizers, checkSameObject, nextGeneration, stampChanged, stampNew } from "./metadata.ts";
import { checkNamespace, clearPlace, prepareNew } from "./new-object.ts";
import { applicationOf, ownedBefore, ownedNew, ownedWith } from "./ownership.ts";
import { presenter } from "./presenter.ts";
import { compileSelection } from "./selection.ts";
import { settingsIn } from "./settings.ts";
import { RevisionMismatch, type Store, type StoredRecord } from "./store.ts";
import { Watches } from "./watches.ts";

export interface StoredObjectsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names and uids are drawn from streams of it. */
  readonly random: Random;
  /** Kinds whose objects are not stored but answered by somebody else. */
  readonly computed?: readonly ComputedKind[];
  /** Signs tokens of service accounts; absent: there are none. */
  readonly tokens?: TokenSigner | undefined;
  /** See Objects; default true. */
  readonly writesEvents?: boolean | undefined;
}

/**
 * The Kubernetes verbs over a Store.
 *
 * Every write reads, decides and commits without letting go of the process, so that writers in this process never
 * meet a conflict of their own making; `await` only waits for durability. Objects that are being deleted go when their
 * last finalizer is taken away by a write: `metadata.finalizers`, and for a Namespace also `spec.finalizers`, which
 * its controller empties when the content is gone.
 */
export class StoredObjects implements Objects {
  readonly writesEvents: boolean;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #names: Random;
  readonly #uids: Random;
  readonly #intake: Intake;
  readonly #watches: Watches;
  readonly #computed: ComputedKinds;
  readonly #tokens: TokenSigner | undefined;

  constructor({ store, clock, random, computed = [], tokens, writesEvents = true }: StoredObjectsOptions) {
    this.writesEvents = writesEvents;
    this.#store = store;
    this.#clock = clock;
    this.#names = random.stream("names");
    this.#uids = random.stream("uids");
    this.#intake = new Intake(
      () => settingsIn(store),
      lookupIn(store),
      () => clock.now(),
      tokens !== undefined,
    );
    this.#watches = new Watches(store, clock);
    this.#computed = new ComputedKinds(computed);
    this.#tokens = tokens;
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return attempt(() => Promise.resolve(this.#read(kind, key)));
  }

  #read<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T {
    const computed = this.#computed.find(kind);
    if (computed === undefined) return this.#present(kind, this.#record(kind, key).value as T);
    const object = computed.get(key);
    if (object === undefined) throw notFound(kind, key.name);
    return object as T;
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const computed = this.#computed.find(kind);
    if (computed !== undefined) {
      const { matches } = compileSelection(kind, options);
      const all = computed.list(options) as unknown as readonly T[];
      const items = matches === undefined ? all : all.filter(matches);
      return { resourceVersion: String(this.#store.revision), items };
    }
    const list = listObjects(this.#store, kind, options);
    const shown = presenter(kind, this.#clock);
    return shown === undefined ? list : { ...list, items: list.items.map(shown) };
  }

  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions, observer: WatchObserver<T>): Watch {
    return this.#watches.open(kind, options, observer);
  }

  create<T extends KubeObject>(kind: Kind<T>, draft: Draft<T>, options: CreateOptions = {}): Promise<T> {
    return attempt(() => {
      this.#computed.refuseWrite(kind);
      return afterLoading(kind, () =>
        this.#insert(kind, options.trusted ? draft : conformObject(kind, draft, options), options),
      );
    });
  }

  /** Creates what has types that fit; `owned` says who owns it when that is not the writer alone. */
  #insert<T extends KubeObject>(
    kind: Kind<T>,
    draft: Draft<T>,
    options: CreateOptions,
    owned?: readonly ManagedFieldsEntry[],
  ): Promise<T> {
    const now = this.#clock.now();
    const prepared = prepareNew(this.#store, this.#names, kind, draft, now);
    checkNamespace(this.#store, kind, prepared.metadata);
    const admitted = this.#intake.admitNew(kind, prepared, now, options);
    const object = ownedNew(kind, admitted, draft, options, owned, now);
    const { metadata } = object;
    const key = recordKey(kind, metadata);
    const operations = clearPlace(kind, metadata.name, this.#store.get(key), options.replaces);
    if (options.dryRun) {
      return Promise.resolve(this.#present(kind, stampNew(kind, object, uidAt(0, this.#uids), undefined)));
    }
    let created = object;
    operations.push({
      key,
      value: (revision) => {
        created = stampNew(kind, object, uidAt(revision, this.#uids), revision);
        return kind.custom?.toStored(created) ?? created;
      },
      ...(operations.length === 0 && { expected: 0 }),
    });
    return this.#store.commit(operations).then(
      () => this.#present(kind, created),
      (error: unknown) => again(error, () => this.#insert(kind, draft, options, owned)),
    );
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T, options: UpdateOptions = {}): Promise<T> {
    return attempt(() => {
      const computed = this.#computed.changeable(kind);
      if (computed !== undefined) {
        const current = this.#read(kind, keyOf(object));
        return computed(this.#intake.admitChanged(kind, object, current, options), options) as Promise<T>;
      }
      this.#computed.refuseWrite(kind);
      if (typeof object.metadata !== "object" || object.metadata === null) {
        throw badRequest("the object has no metadata");
      }
      return afterLoading(kind, () => this.#updateStored(kind, object, options));
    });
  }

  #updateStored<T extends KubeObject>(kind: Kind<T>, object: T, options: UpdateOptions): Promise<T> {
    const retry = () => this.#updateStored(kind, object, options);
    return this.#replace(kind, this.#record(kind, keyOf(object)), object, options, retry);
  }

  async patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: Patch,
    options: UpdateOptions = {},
  ): Promise<T> {
    if (this.#computed.changeable(kind) !== undefined) {
      const current = await this.get(kind, key);
      if (patch.type !== "apply") return this.update(kind, applyPatch(kind, current, patch), options);
      const application = applicationOf(kind, key, patch, options, this.#clock.now());
      return this.update(kind, applyTo(current, application).object, options);
    }
    this.#computed.refuseWrite(kind);
    if (kind.load !== undefined) await kind.load();
    if (patch.type === "apply") return this.#apply(kind, key, patch, options);
    const record = this.#record(kind, key);
    const current = record.value as T;
    const patched = applyPatch(kind, current, patch);
    checkNamed(patched.metadata, current.metadata);
    try {
      return await this.#replace(kind, record, patched, options, () => this.patch(kind, key, patch, options));
    } catch (error) {
      throw error instanceof DecodingError ? patchRefused(patch, error) : error;
    }
  }

  /** Server-side apply. */
  #apply<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: ApplyPatch,
    options: UpdateOptions,
  ): Promise<T> {
    const application = applicationOf(kind, key, patch, options, this.#clock.now());
    const record = this.#find(kind, key);
    if (record !== undefined) {
      const { object, managedFields } = applyTo(record.value as T, application);
      const retry = () => this.#apply(kind, key, patch, options);
      return this.#replace(kind, record, object, options, retry, { managedFields });
    }
    if ((options.ownedThrough ?? options.subresource) !== undefined) throw notFound(kind, key.name);
    const draft = application.configuration as unknown as Draft<T>;
    return this.#insert(kind, draft, options, entriesOfNew(application)).then((created) => {
      options.onCreated?.();
      return created;
    });
  }

  delete<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): Promise<T | Status> {
    return attempt((): Promise<T | Status> => {
      this.#computed.refuseWrite(kind);
      const record = this.#record(kind, key);
      const current = record.value as T;
      checkDeletable(kind, key.name);
      const { last, goes } = deletedState(kind, current, options, this.#clock.now());
      if (!goes && last === current) return Promise.resolve(this.#present(kind, current));
      const retry = () => this.delete(kind, key, options);
      if (!goes) return this.#save(kind, record, last, options, retry);
      const status = () => deletedStatus(kind, current.metadata);
      if (options.dryRun) return Promise.resolve(status());
      const committed = this.#store.commit(removal(record, last));
      return committed.then(status, (error: unknown) => again(error, retry));
    });
  }

  act(
    kind: Kind,
    key: ObjectKey,
    action: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<unknown> {
    return attempt(() => {
      const actions = kind.actions ?? {};
      const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (found === undefined) {
        throw new ApiError("NotFound", "the server could not find the requested resource");
      }
      const computed = this.#computed.find(kind);
      if (computed?.act !== undefined) return computed.act(key, action, body, options);
      return found.run({
        objects: this,
        namespace: key.namespace,
        name: key.name,
        body,
        dryRun: options.dryRun === true,
        now: () => this.#clock.now(),
        tokens: this.#tokens,
        write: <T extends KubeObject>(change: (object: T, now: number) => T) =>
          this.#change(kind as unknown as Kind<T>, key, change, options),
      });
    });
  }

  /** Reads, changes and writes without defaults and validation, for actions that have checked what they do. */
  #change<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    change: (object: T, now: number) => T,
    options: WriteOptions,
  ): Promise<T> {
    const record = this.#record(kind, key);
    const current = record.value as T;
    const next = change(current, this.#clock.now());
    if (next === current) return Promise.resolve(this.#present(kind, current));
    return this.#save(kind, record, next, options, () => this.#change(kind, key, change, options));
  }

  /** The common part of update, patch and, with `owned` already settled, apply. @throws what refuses the write */
  #replace<T extends KubeObject>(
    kind: Kind<T>,
    record: StoredRecord,
    given: T,
    options: UpdateOptions,
    retry: () => Promise<T>,
    owned?: Pick<Applied<T>, "managedFields">,
  ): Promise<T> {
    const current = record.value as T;
    checkSameObject(kind, current.metadata, given.metadata);
    const admitted = this.#admit(kind, given, current, options);
    const next =
      owned === undefined
        ? ownedBefore(kind, current, admitted, options, this.#clock)
        : ownedWith(admitted, owned);
    if (next === current) return Promise.resolve(this.#present(kind, current));
    checkFinalizers(kind, current.metadata, next.metadata);
    return this.#save(kind, record, next, options, retry);
  }

  #admit<T extends KubeObject>(kind: Kind<T>, given: T, current: T, options: UpdateOptions): T {
    if (options.subresource === "status") return this.#intake.admitStatus(kind, given, current, options);
    const part = options.part === undefined ? undefined : kind.parts?.[options.part];
    if (part !== undefined) return this.#intake.admitPart(kind, part, given, current, options);
    return this.#intake.admitChanged(kind, given, current, options);
  }

  /**
   * Stores a change, or lets the object go when the change took away the last thing that held it.
   * @param retry what to do when the record is not the stored one any more
   */
  #save<T extends KubeObject, Other = T>(
    kind: Kind<T>,
    record: StoredRecord,
    next: T,
    { dryRun = false }: { readonly dryRun?: boolean },
    retry: () => Promise<T | Other>,
  ): Promise<T | Other> {
    const generation = nextGeneration(kind, record.value as T, next);
    let saved = next;
    if (dryRun) {
      const { resourceVersion } = next.metadata;
      return Promise.resolve(this.#present(kind, stampChanged(next, resourceVersion, generation)));
    }
    const value = (revision: number) => {
      saved = stampChanged(next, String(revision), generation);
      return kind.custom?.toStored(saved) ?? saved;
    };
    return this.#store
      .commit([{ key: record.key, value: isReleased(next) ? undefined : value, expected: record.revision }])
      .then(
        () => this.#present(kind, saved),
        (error: unknown) => again(error, retry),
      );
  }

  #record<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): StoredRecord {
    const record = this.#find(kind, key);
    if (record === undefined) throw notFound(kind, key.name);
    return record;
  }

  /** What is stored, as an object of the kind's version. */
  #find<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): StoredRecord | undefined {
    const record = this.#store.get(recordKey(kind, key));
    if (kind.custom === undefined || record === undefined) return record;
    return { ...record, value: kind.custom.fromStored(record.value as KubeObject) };
  }

  #present<T extends KubeObject>(kind: Kind<T>, object: T): T {
    return kind.present === undefined ? object : kind.present(object, this.#clock.now());
  }
}

/**
 * What is thrown becomes a rejection. The calls of every write are chained promises, not `async` functions: of these
 * each keeps its whole frame on the heap until the commit, which is most of the garbage of a busy cluster.
 */
function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Some kinds need code that is not loaded until an object of theirs is written. */
function afterLoading<T>(kind: Pick<Kind, "load">, write: () => Promise<T>): Promise<T> {
  return kind.load === undefined ? write() : kind.load().then(write);
}

/** A store that is shared with others may have moved on between read and write; then everything is decided anew. */
function again<T>(error: unknown, retry: () => Promise<T>): Promise<T> {
  if (!(error instanceof RevisionMismatch)) throw error;
  return retry();
}
