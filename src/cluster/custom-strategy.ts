import { importModule } from "../lib/import-module.ts";

/**
 * Turns the text of a user's strategy file (an ES module) into its default export. The module is loaded from the text
 * itself, so that it works over the wire and survives the file; it may import Node's modules but no files beside it.
 */
export async function loadStrategyModule(source: string): Promise<unknown> {
  const url = `data:text/javascript;base64,${Buffer.from(source, "utf8").toString("base64")}`;
  return (await importModule(url)).default;
}
