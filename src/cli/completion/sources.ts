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

type Names = Promise<readonly KnownName[]>;

/** Where the names of a source come from. */
type Source =
  | { readonly local: (context: CommandContext) => Names }
  | {
      readonly inCluster: (objects: Objects, namespace: string) => Names;
      /** What there is while no cluster runs; absent: nothing. */
      readonly otherwise?: () => Names;
    };

const SOURCES: Readonly<Record<CompletionSource, Source>> = {
  files: { local: async () => [] },
  topics: {
    local: async () => Object.entries(TOPICS).map(([name, { summary }]) => ({ name, note: summary })),
  },
  "timing-profiles": {
    local: async () => Object.values(TIMING_PROFILES).map(({ name, summary }) => ({ name, note: summary })),
  },
  "chaos-runs": { local: async ({ io }) => (await savedRuns(io.env)).map((name) => ({ name })) },
  nodes: {
    inCluster: (objects) =>
      objectNames(objects, nodes, (node) => (isNodeReady(node) ? undefined : "not ready")),
  },
  pods: {
    inCluster: (objects, namespace) =>
      objectNames(
        objects,
        pods,
        ({ status, spec }) => `${status.phase}, ${spec.nodeName ?? "no node"}`,
        namespace,
      ),
  },
  namespaces: { inCluster: (objects) => objectNames(objects, namespaces, () => undefined) },
  "faulted-nodes": {
    inCluster: async (objects) => {
      const { items } = await listAll(objects, nodeFaults);
      return items.map(({ spec }) => ({ name: spec.nodeName, note: spec.fault }));
    },
  },
  strategies: {
    inCluster: async (objects) => strategyNames((await readSettings(objects)).spec.customStrategy?.name),
    otherwise: () => strategyNames(undefined),
  },
};

/** The values a source has at this moment. With `mayLaunch`, a cluster is started when none runs. */
export async function namesFor(
  name: CompletionSource,
  context: CommandContext,
  { mayLaunch }: { readonly mayLaunch: boolean },
): Promise<readonly KnownName[]> {
  const source = SOURCES[name];
  if ("local" in source) return source.local(context);
  const { inCluster, otherwise } = source;
  const ask = ({ objects }: { readonly objects: Objects }) => inCluster(objects, context.globals.namespace);
  if (mayLaunch) return withCluster(context, ask);
  return (await withRunningCluster(context, ask)) ?? (await otherwise?.()) ?? [];
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
