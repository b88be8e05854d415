import type { KubeObject } from "../api/meta.ts";
import type { WatchEvent, WatchObserver } from "../api/objects.ts";
import { unreachable, unreadableEvent } from "./errors.ts";
import { LineBuffer } from "./line-buffer.ts";
import { apiErrorOf, parseOrText } from "./status-answer.ts";
import type { StreamSink } from "./transport.ts";

const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

interface RawEvent {
  readonly type: string;
  readonly object: KubeObject;
}

/**
 * Turns the bytes of a watch into batches for an observer. One batch per read of the socket; the observer runs before
 * the next read, so a slow one slows the server down instead of filling this process.
 */
export function watchSink<T extends KubeObject>(
  url: string,
  observer: WatchObserver<T>,
  stop: () => void,
): StreamSink {
  const lines = new LineBuffer();
  let status = 0;
  let ended = false;
  const end = (error: Parameters<typeof observer.closed>[0]) => {
    if (ended) return;
    ended = true;
    observer.closed(error);
  };
  return {
    start(code) {
      status = code;
    },
    chunk(bytes) {
      if (status >= 400) return lines.keep(bytes);
      const { events, failure } = readEvents<T>(url, lines.push(bytes));
      if (events.length > 0) observer.events(events);
      if (failure === undefined) return;
      stop();
      end(failure);
    },
    end(error) {
      if (error !== undefined) return end(unreachable(url, error));
      end(status >= 400 ? apiErrorOf(url, status, parseOrText(lines.rest())) : undefined);
    },
  };
}

function readEvents<T extends KubeObject>(url: string, lines: readonly string[]) {
  const events: WatchEvent<T>[] = [];
  for (const line of lines) {
    if (line === "") continue;
    const raw = parseOrText(line) as Partial<RawEvent> | null;
    if (!isEvent(raw)) return { events, failure: unreadableEvent(url) };
    switch (raw.type) {
      case "ADDED":
      case "MODIFIED":
      case "DELETED":
        events.push(raw as WatchEvent<T>);
        break;
      case "BOOKMARK":
        events.push(bookmark(raw.object));
        break;
      default:
        return { events, failure: apiErrorOf(url, codeOf(raw.object), raw.object) };
    }
  }
  return { events, failure: undefined };
}

/** Whatever stands in its place comes from something that is no API server, or from a line that was cut off. */
function isEvent(raw: Partial<RawEvent> | null): raw is RawEvent {
  return (
    typeof raw?.type === "string" && typeof raw.object?.metadata === "object" && raw.object.metadata !== null
  );
}

function bookmark({ metadata }: KubeObject): WatchEvent<never> {
  const initial = metadata.annotations?.[INITIAL_EVENTS_END] === "true";
  return { type: "BOOKMARK", resourceVersion: metadata.resourceVersion, initial };
}

function codeOf(status: unknown): number {
  return (status as { code?: number }).code ?? 500;
}
