import type { KubeObject } from "../../api/meta.ts";
import type { Selection, WatchOptions } from "../../api/objects.ts";
import { parseFieldSelector, parseLabelSelector } from "../../api/selector.ts";
import { type Answer, JSON_HEADERS } from "../answer.ts";
import { booleanParameter, countParameter, textParameter } from "../query.ts";
import { WatchStream } from "../watches.ts";
import type { VerbContext } from "./context.ts";
import { checkVersion, invalidList, selectionFor, viewFor } from "./read.ts";

/** A watch without a timeout ends after one to two times this, so that clients do not all come back at once. */
const DEFAULT_TIMEOUT_MIN_MS = 30 * 60_000;

/** GET of a collection, or of one object by name, with `watch=true`. */
export async function watchObjects(context: VerbContext, name: string | undefined): Promise<Answer> {
  const { objects, wireClock, kind, watches } = context;
  const view = viewFor(context);
  const options = await watchOptions(context, name);
  const timeoutMs = timeoutOf(context);
  watches.checkRoom();
  return {
    status: 200,
    headers: JSON_HEADERS,
    stream: (outlet) => {
      const stream: WatchStream = new WatchStream({
        outlet,
        kind,
        view,
        clock: wireClock,
        onEnd: () => watches.delete(stream),
        onError: context.onError,
      });
      watches.add(stream);
      stream.start((observer) => objects.watch<KubeObject>(kind, options, observer), timeoutMs);
    },
  };
}

async function watchOptions(context: VerbContext, name: string | undefined): Promise<WatchOptions> {
  const { query } = context;
  const version = textParameter(query, "resourceVersion");
  checkVersion(version);
  const selection = selectionFor(context);
  checkSelectors(context, selection);
  const sendsInitial = sendInitialEvents(context);
  const byName = name === undefined ? {} : { fieldSelector: withName(selection.fieldSelector, name) };
  const startsNow = sendsInitial === false && (version === undefined || version === "0");
  const from = startsNow ? await currentVersion(context) : version;
  return {
    ...selection,
    ...byName,
    ...(from !== undefined && { resourceVersion: from }),
    ...(sendsInitial && { sendInitialEvents: true }),
    ...(booleanParameter(query, "allowWatchBookmarks") && { bookmarks: true }),
  };
}

/** A bad selector is answered as an error; once the stream is open that cannot be done any more. */
function checkSelectors(context: VerbContext, { labelSelector, fieldSelector }: Selection): void {
  if (labelSelector !== undefined) parseLabelSelector(labelSelector);
  if (fieldSelector !== undefined) parseFieldSelector(context.kind, fieldSelector);
}

async function currentVersion({ objects, kind }: VerbContext): Promise<string> {
  return (await objects.list(kind, { limit: 1 })).resourceVersion;
}

function withName(fieldSelector: string | undefined, name: string): string {
  const own = `metadata.name=${name}`;
  return fieldSelector === undefined ? own : `${fieldSelector},${own}`;
}

/** undefined when the request leaves the choice to the resourceVersion's rules. */
function sendInitialEvents(context: VerbContext): boolean | undefined {
  const match = textParameter(context.query, "resourceVersionMatch");
  if (textParameter(context.query, "sendInitialEvents") === undefined) {
    if (match === undefined) return undefined;
    throw invalidList(
      "resourceVersionMatch: Forbidden: " +
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    );
  }
  if (match !== "NotOlderThan") {
    throw invalidList(
      "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  }
  return booleanParameter(context.query, "sendInitialEvents");
}

function timeoutOf(context: VerbContext): number {
  const seconds = countParameter(context.query, "timeoutSeconds");
  if (seconds !== undefined && seconds > 0) return seconds * 1_000;
  return DEFAULT_TIMEOUT_MIN_MS * (1 + context.random.next());
}
