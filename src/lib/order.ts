/** The order of texts that is the same everywhere: by UTF-16 code units, never by a locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
