// Bundles the benchmarks as the program is bundled, and runs them: a loader that compiles the sources on the way slows
// down what is measured by half.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { build } from "rolldown";

const root = new URL("..", import.meta.url).pathname;
const { version } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
// One folder below the root, as the sources are, from where they look for the built program; the worker of sweeps lies
// beside what starts it.
const file = `${root}.cache/bench.mjs`;
const bundles = [
  ["bench/main.ts", file],
  ["src/simulate/sweep/sweep-worker.ts", `${root}.cache/sweep-worker.js`],
];

for (const [input, output] of bundles) {
  await build({
    cwd: root,
    input,
    platform: "node",
    external: ["lmdb", "tinypool"],
    transform: { target: "node20.19", define: { KUBESIM_VERSION: JSON.stringify(version) } },
    output: { file: output, codeSplitting: false, minify: { compress: true, mangle: false, codegen: false } },
    logLevel: "warn",
  });
}
const { status } = spawnSync(process.execPath, [...process.execArgv, file, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
