import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { CommandError } from "../errors.ts";
import { listAll } from "../list-all.ts";

/** The nodes of these names; fails before anything is done when one is missing, and says what was meant. */
export function requireNodes(objects: Objects, names: readonly string[]): Promise<Node[]> {
  return Promise.all([...new Set(names)].map((name) => find(objects, nodes, name, undefined)));
}

/** The pod of this name; as above. */
export function requirePod(objects: Objects, name: string, namespace: string): Promise<Pod> {
  return find(objects, pods, name, namespace);
}

async function find<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  name: string,
  namespace: string | undefined,
): Promise<T> {
  try {
    return await objects.get(kind, namespace === undefined ? { name } : { name, namespace });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
    throw await missing(objects, kind, name, namespace);
  }
}

async function missing<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  name: string,
  namespace: string | undefined,
): Promise<CommandError> {
  const { items } = await listAll(objects, kind, namespace === undefined ? {} : { namespace });
  const close = didYouMean(
    name,
    items.map((item) => item.metadata.name),
  );
  const where = namespace === undefined ? "" : ` in namespace "${namespace}"`;
  const list = `kubesim ${kind.plural} list`;
  const suggestion = close === undefined ? "" : `Did you mean "${close}"? `;
  return new CommandError(`Couldn't find ${kind.singular} "${name}"${where}`, {
    hint: `${suggestion}List ${kind.plural} with: ${list}`,
    reason: "NotFound",
    next: [],
  });
}
