// Bundles the program into dist/: one entry, lazily loaded chunks, vendor code inlined except what has binaries.
import { chmod, readFile, rm } from "node:fs/promises";
import { build } from "esbuild";

const root = new URL("..", import.meta.url).pathname;
const { version } = JSON.parse(await readFile(`${root}package.json`, "utf8"));

await rm(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { kubesim: "src/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: "linked",
  sourcesContent: false,
  chunkNames: "chunks/[name]-[hash]",
  external: ["lmdb"],
  define: { KUBESIM_VERSION: JSON.stringify(version) },
  loader: { ".json": "json" },
  // Vendor packages written as CommonJS still call require().
  banner: {
    js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
await chmod(`${root}dist/kubesim.js`, 0o755);
