import { ApiError, type Reason } from "../../src/api/errors.ts";
import type { Kind } from "../../src/api/kind.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import type { Draft, KubeObject, ObjectKey, ObjectMeta } from "../../src/api/meta.ts";
import type { Objects, WatchEvent, WatchOptions } from "../../src/api/objects.ts";

/** A pod that every cluster takes. */
export function podDraft(name: string, metadata: Partial<ObjectMeta> = {}): Draft<Pod> {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", ...metadata },
    spec: { containers: [{ name: "main", image: "busybox:1.36" }] },
    status: { phase: "Pending" },
  };
}

export function createPod(objects: Objects, name: string, metadata?: Partial<ObjectMeta>): Promise<Pod> {
  return objects.create(pods, podDraft(name, metadata));
}

export function podKey(name: string): ObjectKey {
  return { namespace: "default", name };
}

/** What a call failed with; an error of the test when it did not fail with an ApiError. */
export async function failure(call: Promise<unknown>): Promise<ApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

/** Reason and message of a failure. */
export async function refusal(call: Promise<unknown>): Promise<readonly [Reason, string]> {
  const { reason, message } = await failure(call);
  return [reason, message];
}

/** A watch that remembers what it was told. */
export interface Observed {
  readonly events: WatchEvent[];
  /** `ADDED name`, `BOOKMARK initial`. */
  readonly lines: string[];
  readonly ends: (ApiError | undefined)[];
  close(): void;
}

export function observe<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  options: WatchOptions,
): Observed {
  const events: WatchEvent[] = [];
  const lines: string[] = [];
  const ends: (ApiError | undefined)[] = [];
  const watch = objects.watch(kind, options, {
    events(batch) {
      for (const event of batch) {
        events.push(event);
        lines.push(lineOf(event));
      }
    },
    closed: (error) => ends.push(error),
  });
  return { events, lines, ends, close: () => watch.close() };
}

function lineOf(event: WatchEvent): string {
  if (event.type === "BOOKMARK") return event.initial ? "BOOKMARK initial" : "BOOKMARK";
  return `${event.type} ${event.object.metadata.name}`;
}
