import type { Kind } from "../../api/kind.ts";
import { namespaces } from "../../api/kinds/namespace.ts";
import { isNodeReady, nodes } from "../../api/kinds/node.ts";
import { nodeFaults } from "../../api/kinds/node-fault.ts";
import { pods } from "../../api/kinds/pod.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import { readSettings } from "../actions/settings.ts";
import { builtInStrategies } from "../actions/strategies.ts";
import { savedRuns } from "../chaos/saved-runs.ts";
import type { CommandContext, CompletionSource } from "../command.ts";
import { withCluster, withRunningCluster } from "../connection.ts";
import { TOPICS } from "../help/topics.ts";
import { listAll } from "../list-all.ts";

/** A name that fits, and what it is about. */
export interface KnownName {
  readonly name: string;
  readonly note?: string;
}

/** The values a source has at this moment. With `mayLaunch`, a cluster is started when none runs. */
export async function namesFor(
  source: CompletionSource,
  context: CommandContext,
  { mayLaunch }: { readonly mayLaunch: boolean },
): Promise<readonly KnownName[]> {
  if (source === "topics")
    return Object.entries(TOPICS).map(([name, { summary }]) => ({ name, note: summary }));
  if (source === "timing-profiles") {
    return Object.values(TIMING_PROFILES).map(({ name, summary }) => ({ name, note: summary }));
  }
  if (source === "files") return [];
  if (source === "chaos-runs") return (await savedRuns(context.io.env)).map((name) => ({ name }));
  const ask = (objects: Objects) => serverNames(source, objects, context.globals.namespace);
  if (mayLaunch) return withCluster(context, ({ objects }) => ask(objects));
  const names = await withRunningCluster(context, ({ objects }) => ask(objects));
  return names ?? (source === "strategies" ? strategyNames(undefined) : []);
}

async function serverNames(
  source: CompletionSource,
  objects: Objects,
  namespace: string,
): Promise<readonly KnownName[]> {
  switch (source) {
    case "nodes":
      return objectNames(objects, nodes, (node) => (isNodeReady(node) ? undefined : "not ready"));
    case "pods":
      return objectNames(
        objects,
        pods,
        (pod) => `${pod.status.phase}, ${pod.spec.nodeName ?? "no node"}`,
        namespace,
      );
    case "namespaces":
      return objectNames(objects, namespaces, () => undefined);
    case "faulted-nodes": {
      const { items } = await listAll(objects, nodeFaults);
      return items.map(({ spec }) => ({ name: spec.nodeName, note: spec.fault }));
    }
    default:
      return strategyNames((await readSettings(objects)).spec.customStrategy?.name);
  }
}

async function objectNames<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  note: (object: T) => string | undefined,
  namespace?: string,
): Promise<readonly KnownName[]> {
  const { items } = await listAll(objects, kind, namespace === undefined ? {} : { namespace });
  return items.map((object) => {
    const text = note(object);
    return { name: object.metadata.name, ...(text !== undefined && { note: text }) };
  });
}

async function strategyNames(own: string | undefined): Promise<readonly KnownName[]> {
  const all = (await builtInStrategies()).map(({ name, summary }) => ({ name, note: summary }));
  return own === undefined ? all : [...all, { name: own, note: "your own" }];
}
