import { readFileSync } from "node:fs";

/** Set by the bundler. */
declare const KUBESIM_VERSION: string | undefined;

/** The version of package.json. */
export const VERSION: string = typeof KUBESIM_VERSION === "string" ? KUBESIM_VERSION : versionOfTree();

/** Not bundled (tests, development): package.json is two folders up. */
function versionOfTree(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
