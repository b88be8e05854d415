/**
 * A small part of the items with which it still fails: delta debugging (Zeller and Hildebrandt). Tries halves first,
 * then finer and finer pieces, until no single item can be left out.
 * @param fails whether a part of the items, in their order, still fails; all of them do
 */
export async function minimize<Item>(
  items: readonly Item[],
  fails: (part: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  if (items.length === 0 || (await fails([]))) return [];
  let kept = items;
  let pieces = 2;
  while (kept.length >= 2) {
    const smaller = await withoutOnePiece(kept, Math.min(pieces, kept.length), fails);
    if (smaller !== undefined) {
      kept = smaller;
      pieces = Math.max(2, pieces - 1);
    } else if (pieces >= kept.length) break;
    else pieces *= 2;
  }
  return kept;
}

/** The items without the first piece that they can do without. */
async function withoutOnePiece<Item>(
  items: readonly Item[],
  pieces: number,
  fails: (part: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | undefined> {
  const size = Math.ceil(items.length / pieces);
  // The end goes first: what comes after the failure plays no part in it.
  for (let from = (Math.ceil(items.length / size) - 1) * size; from >= 0; from -= size) {
    const rest = [...items.slice(0, from), ...items.slice(from + size)];
    if (rest.length > 0 && (await fails(rest))) return rest;
  }
  return undefined;
}
