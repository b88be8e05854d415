/** So many are named; the others are counted. */
const NAMED = 3;

/** Some things in words: the first few, and how many more there are. */
export function someOf(texts: readonly string[], separator = "; "): string {
  const more = texts.length - NAMED;
  return [...texts.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(separator);
}
