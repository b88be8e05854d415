import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { listAll } from "../list-all.ts";

/** So many creations travel at once. */
const IN_FLIGHT = 256;

/** What is to be created, and how it may be called. */
export interface Creation<T extends KubeObject> {
  readonly kind: Kind<T>;
  readonly namespace?: string;
  readonly count: number;
  /** The name that was given. */
  readonly name: string | undefined;
  /** Names without a name given are `prefix-N`. */
  readonly prefix: string;
  draft(name: string): Draft<T>;
}

/**
 * Creates objects under the name given, or under the next free numbered names; somebody who takes a number meanwhile
 * only makes us take the next one. Returns them in the order of their numbers. `created` is called with each.
 */
export async function createNamed<T extends KubeObject>(
  objects: Objects,
  creation: Creation<T>,
  signal: AbortSignal,
): Promise<T[]> {
  const { kind, count, name } = creation;
  if (name !== undefined && count === 1) return [await objects.create(kind, creation.draft(name))];
  const prefix = name ?? creation.prefix;
  let number = await lastNumber(objects, creation, prefix);
  const created: T[] = [];
  while (created.length < count && !signal.aborted) {
    const wave = Math.min(IN_FLIGHT, count - created.length);
    const attempts = Array.from({ length: wave }, () => `${prefix}-${++number}`);
    const results = await Promise.all(
      attempts.map((attempt) => createUnlessTaken(objects, creation, attempt)),
    );
    for (const object of results) if (object !== undefined) created.push(object);
  }
  return created;
}

async function createUnlessTaken<T extends KubeObject>(
  objects: Objects,
  creation: Creation<T>,
  name: string,
): Promise<T | undefined> {
  try {
    return await objects.create(creation.kind, creation.draft(name));
  } catch (error) {
    if (isReason(error, "AlreadyExists")) return undefined;
    throw error;
  }
}

/** The highest number in use behind `prefix-`, or 0. */
async function lastNumber<T extends KubeObject>(
  objects: Objects,
  { kind, namespace }: Creation<T>,
  prefix: string,
): Promise<number> {
  const { items } = await listAll(objects, kind, namespace === undefined ? {} : { namespace });
  let highest = 0;
  for (const { metadata } of items) {
    if (!metadata.name.startsWith(`${prefix}-`)) continue;
    const text = metadata.name.slice(prefix.length + 1);
    if (/^[1-9]\d{0,8}$/.test(text)) highest = Math.max(highest, Number(text));
  }
  return highest;
}
