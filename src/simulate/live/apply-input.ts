import { ApiError } from "../../api/errors.ts";
import { apiVersionOf, type Kind } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { KINDS } from "../../api/registry.ts";
import type { InputLine } from "../../recording/line.ts";

/** Does to a cluster what was done to a recorded one. */
export class InputApplier {
  readonly #objects: Objects;
  /** Uids of the recording, and what they are here. */
  readonly #uids = new Map<string, string>();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** @returns why it was refused here; undefined when it was done */
  async apply(input: InputLine): Promise<string | undefined> {
    const kind = KINDS.find((one) => one.kind === input.kind && apiVersionOf(one) === input.apiVersion);
    if (kind === undefined) return `${input.kind} of ${input.apiVersion} is no built-in kind`;
    try {
      await this.#carryOut(kind, input);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
  }

  async #carryOut(kind: Kind, input: InputLine): Promise<void> {
    const { verb, namespace, name, subresource } = input;
    const key = { name, ...(namespace !== undefined && { namespace }) };
    switch (verb) {
      case "create": {
        const made = await this.#objects.create(kind, this.#draft(input, key));
        if (input.uid !== undefined) this.#uids.set(input.uid, made.metadata.uid);
        break;
      }
      case "change": {
        const part =
          subresource === "status" ? { subresource } : subresource === undefined ? {} : { part: subresource };
        const patch = this.#withOwners(input.body as Readonly<Record<string, unknown>>);
        await this.#objects.patch(kind, key, { type: "merge", patch }, part as { subresource?: "status" });
        break;
      }
      case "delete": {
        const { gracePeriodSeconds, propagationPolicy } = input;
        await this.#objects.delete(kind, key, {
          ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
          ...(propagationPolicy !== undefined && { propagationPolicy }),
        });
        break;
      }
      case "act":
        await this.#objects.act(kind, key, subresource ?? "", withoutUid(input.body));
    }
  }

  /** The draft under the name that its object got, and owned by who stands for its owners here. */
  #draft(input: InputLine, key: { readonly name: string; readonly namespace?: string }): Draft<KubeObject> {
    const draft = this.#withOwners(input.body as Readonly<Record<string, unknown>>) as unknown as KubeObject;
    const {
      generateName: _,
      resourceVersion: _version,
      uid: _uid,
      ...metadata
    } = draft.metadata as KubeObject["metadata"] & {
      generateName?: string;
    };
    return { ...draft, apiVersion: input.apiVersion, kind: input.kind, metadata: { ...metadata, ...key } };
  }

  #withOwners(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const metadata = body.metadata as
      | { readonly ownerReferences?: readonly { readonly uid: string }[] }
      | undefined;
    if (!Array.isArray(metadata?.ownerReferences)) return body;
    const ownerReferences = metadata.ownerReferences.map((owner) => ({
      ...owner,
      uid: this.#uids.get(owner.uid) ?? owner.uid,
    }));
    return { ...body, metadata: { ...metadata, ownerReferences } };
  }
}

/** Bindings and evictions may name the uid that the pod had. */
function withoutUid(body: unknown): unknown {
  const posted = body as Record<string, unknown> | undefined;
  if (posted === undefined || posted === null) return posted;
  const { metadata, deleteOptions, ...rest } = posted as {
    metadata?: { uid?: string };
    deleteOptions?: object;
  };
  const { uid: _, ...named } = metadata ?? {};
  const { preconditions: _preconditions, ...options } = (deleteOptions ?? {}) as { preconditions?: unknown };
  return { ...rest, metadata: named, ...(deleteOptions !== undefined && { deleteOptions: options }) };
}
