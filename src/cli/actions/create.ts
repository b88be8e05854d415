import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import type { CommandContext } from "../command.ts";
import { CommandError, failureOf } from "../errors.ts";
import { listAll } from "../list-all.ts";
import { ProgressBar } from "../output/progress-bar.ts";

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
 * only makes us take the next one. Returns them in the order of their numbers. When it fails in the middle, the error
 * says how many were created.
 */
export async function createNamed<T extends KubeObject>(
  context: CommandContext,
  objects: Objects,
  creation: Creation<T>,
): Promise<T[]> {
  const { kind, count, name } = creation;
  if (name !== undefined && count === 1) return [await objects.create(kind, creation.draft(name))];
  const prefix = name ?? creation.prefix;
  const bar = new ProgressBar(context.io, context.clock, "Creating", count);
  let number = await lastNumber(objects, creation, prefix);
  const created: T[] = [];
  while (created.length < count && !context.signal.aborted) {
    const wave = Math.min(IN_FLIGHT, count - created.length);
    const attempts = Array.from({ length: wave }, () => `${prefix}-${++number}`);
    const results = await Promise.allSettled(
      attempts.map((attempt) => objects.create(kind, creation.draft(attempt))),
    );
    for (const result of results) if (result.status === "fulfilled") created.push(result.value);
    bar.update(created.length);
    const failure = results.find(isRealFailure);
    if (failure !== undefined) {
      bar.end();
      throw created.length === 0 ? failure.reason : incomplete(kind, created.length, count, failure.reason);
    }
  }
  bar.end();
  return created;
}

/** A name that is taken by now is none: the next number is tried. */
function isRealFailure(result: PromiseSettledResult<unknown>): result is PromiseRejectedResult {
  return result.status === "rejected" && !isReason(result.reason, "AlreadyExists");
}

function incomplete(
  kind: Pick<Kind, "plural">,
  created: number,
  count: number,
  error: unknown,
): CommandError {
  const { message, hint, exitCode, reason } = failureOf(error);
  return new CommandError(`${created} of ${count} ${kind.plural} were created, then: ${message}`, {
    ...(hint !== undefined && { hint }),
    exitCode,
    reason,
  });
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
