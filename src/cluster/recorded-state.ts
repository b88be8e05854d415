import type { KubeObject } from "../api/meta.ts";
import type { ObjectLine } from "../recording/line.ts";
import type { StoredRecord } from "../store/store.ts";

/** An object that is there when a recording begins; undefined for Events, by which nothing is decided. */
export function startObject({ key, revision, value }: StoredRecord): ObjectLine | undefined {
  if ((value as KubeObject).kind === "Event") return undefined;
  return { recording: "object", key, revision, value: storedValue(value) };
}

/** What of an object goes into a file: of Secrets, that they are there, and not what is in them. */
export function storedValue(value: unknown): unknown {
  const { kind, data } = value as {
    readonly kind?: string;
    readonly data?: Readonly<Record<string, string>>;
  };
  if (kind !== "Secret") return value;
  const { stringData: _, ...secret } = value as Record<string, unknown>;
  return {
    ...secret,
    ...(data && { data: Object.fromEntries(Object.keys(data).map((name) => [name, ""])) }),
  };
}
