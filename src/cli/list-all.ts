import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { ObjectList, Objects, Selection } from "../api/objects.ts";

/** Objects per page: few round trips, and no page so large that others wait for it. */
const PAGE = 5_000;

/** A whole list, read in pages of one version. */
export async function listAll<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  selection: Selection = {},
): Promise<ObjectList<T>> {
  const first = await objects.list(kind, { ...selection, limit: PAGE });
  if (first.continue === undefined) return first;
  const items = [...first.items];
  let next: string | undefined = first.continue;
  while (next !== undefined && next !== "") {
    const page: ObjectList<T> = await objects.list(kind, { ...selection, limit: PAGE, continue: next });
    for (const item of page.items) items.push(item);
    next = page.continue;
  }
  return { resourceVersion: first.resourceVersion, items };
}
