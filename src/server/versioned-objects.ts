import { badRequest, type FieldError, invalid, isReason, type Status } from "../api/errors.ts";
import { apiVersionOf, type Kind, type OtherVersion } from "../api/kind.ts";
import { type Draft, type KubeObject, keyOf, type ObjectKey } from "../api/meta.ts";
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
  WatchEvent,
  WatchObserver,
  WatchOptions,
  WriteOptions,
} from "../api/objects.ts";
import { applyPatch } from "../api/patch/apply.ts";
import { conformObject } from "../api/schema/conform-object.ts";

/** A version of a kind that is served, but not stored. */
interface Shown {
  readonly stored: Kind;
  readonly version: OtherVersion<KubeObject>;
}

const SHOWN = new WeakMap<Kind, Shown>();

/** The versions of kinds that are not stored, as kinds of their own. */
export function otherVersions(kinds: readonly Kind[]): readonly Kind[] {
  return kinds.flatMap((kind) => (kind.otherVersions ?? []).map((version) => shownKind(kind, version)));
}

function shownKind(stored: Kind, version: OtherVersion<KubeObject>): Kind {
  const columns = stored.columns.map((column) => ({
    ...column,
    cell: (object: KubeObject, now: number) => column.cell(version.take(object), now),
  }));
  const { otherVersions: _none, ...rest } = stored;
  const { group = stored.group, schema } = version;
  const kind: Kind = { ...rest, group, version: version.version, schema, columns };
  SHOWN.set(kind, { stored, version });
  return kind;
}

/**
 * Objects that are also read and written in their other versions: what a client sends is turned into the stored
 * version, what it gets is turned back. Kinds of one version pass straight through.
 */
export function versionedObjects(objects: Objects): Objects {
  const known = new WeakMap<Kind, Objects>();
  const of = (kind: unknown): Objects => {
    const shown = SHOWN.get(kind as Kind);
    if (shown === undefined) return objects;
    const found =
      known.get(kind as Kind) ?? (new ShownObjects(objects, kind as Kind, shown) as unknown as Objects);
    known.set(kind as Kind, found);
    return found;
  };
  return {
    get: (kind, key) => of(kind).get(kind, key),
    list: (kind, options) => of(kind).list(kind, options),
    watch: (kind, options, observer) => of(kind).watch(kind, options, observer),
    create: (kind, object, options) => of(kind).create(kind, object, options),
    update: (kind, object, options) => of(kind).update(kind, object, options),
    patch: (kind, key, patch, options) => of(kind).patch(kind, key, patch, options),
    delete: (kind, key, options) => of(kind).delete(kind, key, options),
    act: (kind, key, action, body, options) => of(kind).act(kind, key, action, body, options),
  };
}

/** The objects of one kind in a version that is not stored. */
class ShownObjects {
  readonly #objects: Objects;
  readonly #kind: Kind;
  readonly #stored: Kind;
  readonly #version: OtherVersion<KubeObject>;

  constructor(objects: Objects, kind: Kind, { stored, version }: Shown) {
    this.#objects = objects;
    this.#kind = kind;
    this.#stored = stored;
    this.#version = version;
  }

  async get(_: Kind, key: ObjectKey): Promise<KubeObject> {
    return this.#version.show(await this.#objects.get(this.#stored, key));
  }

  async list(_: Kind, options?: ListOptions): Promise<ObjectList<KubeObject>> {
    const list = await this.#objects.list(this.#stored, this.#selecting(options ?? {}));
    return { ...list, items: list.items.map((object) => this.#version.show(object)) };
  }

  watch(_: Kind, options: WatchOptions, observer: WatchObserver<KubeObject>): Watch {
    const show = (event: WatchEvent): WatchEvent =>
      event.type === "BOOKMARK" ? event : { ...event, object: this.#version.show(event.object) };
    return this.#objects.watch(this.#stored, this.#selecting(options), {
      events: (batch) => observer.events(batch.map(show)),
      closed: (error) => observer.closed(error),
    });
  }

  async create(_: Kind, object: Draft<KubeObject>, options?: CreateOptions): Promise<KubeObject> {
    const taken = this.#taken(object, options);
    this.#refuse(taken, this.#version.validateNew?.(taken as KubeObject));
    return this.#version.show(await this.#objects.create(this.#stored, taken, options));
  }

  async update(_: Kind, object: KubeObject, options?: UpdateOptions): Promise<KubeObject> {
    const taken = this.#taken(object, options) as KubeObject;
    const { validateChange } = this.#version;
    if (validateChange !== undefined) {
      this.#refuse(taken, validateChange(taken, await this.#objects.get(this.#stored, keyOf(taken))));
    }
    return this.#version.show(await this.#objects.update(this.#stored, taken, options));
  }

  async patch(_: Kind, key: ObjectKey, patch: Patch, options?: UpdateOptions): Promise<KubeObject> {
    if (patch.type === "apply") return this.#apply(key, patch, options);
    const current = await this.get(this.#kind, key);
    const patched = applyPatch(this.#kind, current, patch);
    try {
      return await this.update(this.#kind, patched, options);
    } catch (error) {
      // A patch that names no version is of whatever is there.
      const isOwn = patched.metadata.resourceVersion === current.metadata.resourceVersion;
      if (!isReason(error, "Conflict") || !isOwn) throw error;
      return this.patch(this.#kind, key, patch, options);
    }
  }

  async delete(_: Kind, key: ObjectKey, options?: DeleteOptions): Promise<KubeObject | Status> {
    const deleted = await this.#objects.delete(this.#stored, key, options);
    return deleted.kind === "Status" ? deleted : this.#version.show(deleted as KubeObject);
  }

  act(_: Kind, ...rest: [ObjectKey, string, unknown, WriteOptions?]): Promise<unknown> {
    return this.#objects.act(this.#stored, ...rest);
  }

  #refuse({ metadata }: Draft<KubeObject>, errors: readonly FieldError[] = []): void {
    if (errors.length > 0) throw invalid(this.#kind, metadata.name ?? "", errors);
  }

  /** What is applied says only what its manager has an opinion of: status is not among it. */
  async #apply(key: ObjectKey, patch: ApplyPatch, options?: UpdateOptions): Promise<KubeObject> {
    const taken = this.#taken(patch.patch as unknown as Draft<KubeObject>, options);
    const { status: _status, ...said } = taken as KubeObject & { readonly status?: unknown };
    const applied = await this.#objects.patch(this.#stored, key, { ...patch, patch: { ...said } }, options);
    return this.#version.show(applied);
  }

  /** Field selectors in the names of the stored version. */
  #selecting<O extends { readonly fieldSelector?: string }>(options: O): O {
    const { selectableFields } = this.#version;
    if (selectableFields === undefined || !options.fieldSelector) return options;
    const fieldSelector = options.fieldSelector.replace(
      /(^|,)([^=!,]+)/g,
      (_, comma: string, name: string) => {
        if (name.startsWith("metadata.")) return comma + name;
        if (!Object.hasOwn(selectableFields, name)) throw badRequest(`field label not supported: ${name}`);
        return comma + selectableFields[name];
      },
    );
    return { ...options, fieldSelector };
  }

  /** What a client sent, with types that fit, in the stored version. */
  #taken(object: Draft<KubeObject>, options: WriteOptions = {}): Draft<KubeObject> {
    const fitting = conformObject(this.#kind, object, options) as KubeObject;
    return { ...this.#version.take(fitting), apiVersion: apiVersionOf(this.#stored) };
  }
}
