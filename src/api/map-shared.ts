/** Maps a list; when no item changes, the list itself. */
export function mapShared<T, L extends readonly T[] | undefined>(list: L, map: (item: T) => T): L {
  if (list === undefined) return list;
  let mapped: T[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const before = list[index] as T;
    const after = map(before);
    if (mapped === undefined && after !== before) mapped = list.slice(0, index);
    mapped?.push(after);
  }
  return (mapped ?? list) as L;
}
