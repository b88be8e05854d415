/**
 * Loads a module of somebody else's by its URL. In the bundle this file stands alone, for Node to load it: code that
 * was kept compiled (see boot/) imports nothing but what is in the bundle.
 */
export function importModule(url: string): Promise<{ readonly default?: unknown }> {
  return import(url);
}
