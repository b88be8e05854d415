// Bundles the program and the library into dist/: two entries, lazily loaded chunks, vendor code inlined except what has
// binaries; and writes the library's types.
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = new URL("..", import.meta.url).pathname;
const { version } = JSON.parse(await readFile(`${root}package.json`, "utf8"));

/** Every command pays for what the client's vendor packages load; this halves it (36 to 15 ms). */
const leanClient = {
  name: "lean-client",
  setup({ onLoad }) {
    // ofetch's entry carries a fetch for old Nodes and touches the platform's; the client brings its own.
    onLoad({ filter: /[\\/]ofetch[\\/]dist[\\/]node\.mjs$/ }, async ({ path }) => {
      const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.includes("./shared/"));
      if (lines.length === 0) throw new Error("ofetch is laid out in another way; see scripts/build.mjs");
      return { contents: `${lines.join("\n")}\nexport { createFetch };` };
    });
    // The client speaks HTTP/1.1 only, as every Kubernetes API server does.
    onLoad({ filter: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/ }, () => ({
      contents: 'module.exports = () => { throw new Error("HTTP/2 is not used"); };',
    }));
  },
};

await rm(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    kubesim: "src/main.ts",
    index: "src/index.ts",
    // Emulated shells run in a thread of their own.
    shells: "src/shells/worker.ts",
    // So do the runs of a sweep; both stand beside the chunks, where the pool looks for its own.
    "chunks/sweep-worker": "src/simulate/sweep/sweep-worker.ts",
    "chunks/entry/worker": "node_modules/tinypool/dist/entry/worker.js",
  },
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
  // Its entry for Node is CommonJS, whose names an import() in a bundle does not find; this one is an ES module.
  alias: { yaml: "./node_modules/yaml/browser/index.js" },
  define: { KUBESIM_VERSION: JSON.stringify(version) },
  loader: { ".json": "json" },
  plugins: [leanClient],
  // Vendor packages written as CommonJS still call require().
  banner: {
    js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
await chmod(`${root}dist/kubesim.js`, 0o755);

const emitted = `${root}dist/emitted`;
execFileSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "-p", "tsconfig.library.json", "--outDir", emitted],
  { cwd: root, stdio: "inherit" },
);
await keepTypes("index");
await rm(emitted, { recursive: true });

/** Types of the library and of what they name; those of the rest of the house are nobody's business. */
async function keepTypes(path) {
  const text = await readFile(`${emitted}/${path}.d.ts`, "utf8");
  const specifier = /(from "\.[^"]*)\.ts"/g;
  await mkdir(dirname(`${root}dist/types/${path}`), { recursive: true });
  await writeFile(`${root}dist/types/${path}.d.ts`, text.replaceAll(specifier, '$1.js"'));
  for (const [, from] of text.matchAll(specifier)) {
    await keepTypes(join(dirname(path), from.slice('from "'.length)));
  }
}
