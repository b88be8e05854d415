// Bundles the program and the library into dist/: few large chunks for what is always needed together, lazily loaded ones
// for the rest, vendor code inlined except what has binaries; and writes the library's types.
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "rolldown";
import { shipCompiledCode } from "./ship-code.mjs";

const root = new URL("..", import.meta.url).pathname;
const { version } = JSON.parse(await readFile(`${root}package.json`, "utf8"));

/**
 * What is started over and over, and where its code begins. A module goes into one chunk with all that are needed by the
 * same of these: a file costs more time to find and open than its code does, and there are hundreds of modules.
 */
const STARTS = {
  program: ["src/cli/process.ts"],
  launch: ["src/client/launch.ts"],
  client: ["src/client/connection.ts", "src/client/transport.ts", "src/cli/output/print.ts"],
  commands: ["completion/sources", "actions/list-pods", "actions/describe-node", "actions/explain-pod"].map(
    (name) => `src/cli/${name}.ts`,
  ),
  server: ["src/cluster/host.ts"],
  library: ["src/index.ts"],
};

/** Every command pays for what the client's vendor packages load; this halves it (36 to 15 ms). */
const leanClient = {
  name: "lean-client",
  load: {
    filter: { id: /[\\/](ofetch[\\/]dist[\\/]node\.mjs|undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js)$/ },
    async handler(path) {
      // The client speaks HTTP/1.1 only, where it may send requests without waiting for answers.
      if (path.endsWith(".js")) {
        return 'module.exports = () => { throw new Error("HTTP/2 is not used"); };';
      }
      // ofetch's entry carries a fetch for old Nodes and touches the platform's; the client brings its own.
      const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.includes("./shared/"));
      if (lines.length === 0) throw new Error("ofetch is laid out in another way; see scripts/build.mjs");
      return `${lines.join("\n")}\nexport { createFetch };`;
    },
  },
};

/** Maps name the lines of the sources; whoever wants to read these has them. */
const leanMaps = {
  name: "lean-maps",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "asset" || !file.fileName.endsWith(".map")) continue;
      file.source = JSON.stringify({ ...JSON.parse(file.source), sourcesContent: undefined });
    }
  },
};

/** Text beyond ASCII is written in escapes: one letter of it doubles what V8 keeps of the whole file. */
const asciiOnly = {
  name: "ascii-only",
  generateBundle(_options, bundle) {
    const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    for (const file of Object.values(bundle)) {
      if (file.type === "chunk") file.code = file.code.replace(/[^\0-\x7f]/g, escaped);
    }
  },
};

await rm(`${root}dist`, { recursive: true, force: true });
await build({
  cwd: root,
  input: {
    kubesim: "src/main.ts",
    index: "src/index.ts",
    // Emulated shells run in a thread of their own.
    shells: "src/shells/worker.ts",
    // So do the runs of a sweep; both stand beside the chunks, where the pool looks for its own.
    "chunks/sweep-worker": "src/simulate/sweep/sweep-worker.ts",
    "chunks/entry/worker": "node_modules/tinypool/dist/entry/worker.js",
  },
  platform: "node",
  external: ["lmdb"],
  resolve: {
    // Its entry for Node is CommonJS, whose names an import() in a bundle does not find; this one is an ES module.
    alias: { yaml: `${root}node_modules/yaml/browser/index.js` },
  },
  transform: {
    target: "node20.19",
    // Only sources ask where tsx is.
    define: { KUBESIM_VERSION: JSON.stringify(version), "import.meta.resolve": "undefined" },
  },
  plugins: [leanClient, asciiOnly, leanMaps],
  preserveEntrySignatures: "allow-extension",
  output: {
    dir: "dist",
    // What is loaded synchronously is there sooner, and can be kept compiled: see src/boot/.
    format: "cjs",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: "starts", name: (id, context) => chunkOf(id, context) }],
    },
    // Names stay readable in stack traces.
    minify: { compress: true, mangle: false, codegen: true },
    sourcemap: true,
  },
  logLevel: "warn",
});
await chmod(`${root}dist/kubesim.js`, 0o755);
await writeFile(`${root}dist/package.json`, `${JSON.stringify({ type: "commonjs" })}\n`);

const emitted = `${root}dist/emitted`;
execFileSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "-p", "tsconfig.library.json", "--outDir", emitted],
  { cwd: root, stdio: "inherit" },
);
await keepTypes("index");
await rm(emitted, { recursive: true });
await shipCompiledCode(`${root}dist`);

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

/** The chunk of a module, named after the starts that need it; null for what is loaded only when it is asked for. */
function chunkOf(id, context) {
  // An entry is nobody's chunk: what it imports while it awaits must not wait for it in turn.
  if (context.getModuleInfo(id)?.isEntry) return null;
  // Where everything begins: it is loaded before it can see to how the rest is.
  if (id.startsWith(`${root}src/boot/`)) return "boot";
  // Only code that Node has compiled by itself can import what is not in the bundle: see src/boot/compiled-code.ts.
  if (id === `${root}src/lib/import-module.ts`) return "importing";
  const starts = Object.keys(STARTS).filter((start) => neededBy(start, context).has(id));
  return starts.length === 0 ? null : starts.join("-");
}

/** All modules that are loaded with a start. */
function neededBy(start, context) {
  neededBy.known ??= new Map();
  if (neededBy.known.has(start)) return neededBy.known.get(start);
  const needed = new Set();
  const ahead = STARTS[start].map((path) => `${root}${path}`);
  const missing = ahead.find((id) => context.getModuleInfo(id) === null);
  if (missing !== undefined) throw new Error(`there is no ${missing}; see STARTS in scripts/build.mjs`);
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    ahead.push(...(context.getModuleInfo(id)?.importedIds ?? []));
  }
  neededBy.known.set(start, needed);
  return needed;
}
