import { events } from "../api/kinds/event.ts";
import type { ObjectLine } from "../recording/line.ts";
import { selectionPrefix } from "../store/keys.ts";
import type { StoredRecord } from "../store/store.ts";

const EVENTS = selectionPrefix(events, undefined);

/** An object that is there when a recording begins; undefined for Events, by which nothing is decided. */
export function startObject({ key, revision, value }: StoredRecord): ObjectLine | undefined {
  if (key.startsWith(EVENTS)) return undefined;
  return { recording: "object", key, revision, value: storedValue(value) };
}

/** What of an object goes into a file: of Secrets, that they are there, and not what is in them. */
export function storedValue(value: unknown): unknown {
  const { apiVersion, kind, data } = value as {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly data?: Readonly<Record<string, string>>;
  };
  if (kind !== "Secret" || apiVersion !== "v1") return value;
  const { stringData: _, ...secret } = value as Record<string, unknown>;
  return {
    ...secret,
    ...(data && { data: Object.fromEntries(Object.keys(data).map((name) => [name, ""])) }),
  };
}
