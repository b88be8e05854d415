import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Benchmark } from "./table.ts";

const LIBRARY = join(import.meta.dirname, "..", "dist", "index.js");
const ROUNDS = 9;

/** Times importing, the first start (certificates, cold code), and later ones, in a fresh process of its own. */
const SCRIPT = `
const at = [performance.now()];
const { startCluster } = await import(${JSON.stringify(pathToFileURL(LIBRARY).href)});
at.push(performance.now());
const first = await startCluster();
at.push(performance.now());
await first.stop();
at.push(performance.now());
const second = await startCluster({ nodes: 3 });
at.push(performance.now());
await second.stop();
console.log(JSON.stringify(at.slice(1).map((now, index) => now - at[index])));
`;

/** `startCluster` in a test's process. */
export const library: Benchmark = {
  name: "library",
  summary: `startCluster() in a fresh process, medians of ${ROUNDS} runs`,
  async run(print) {
    const directory = mkdtempSync(join(tmpdir(), "kubesim-bench-"));
    const script = join(directory, "start.mjs");
    writeFileSync(script, SCRIPT);
    const runs = Array.from({ length: ROUNDS }, () => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: "utf8" });
      if (status !== 0) throw new Error(`startCluster failed: ${stderr}`);
      return JSON.parse(stdout) as number[];
    });
    rmSync(directory, { recursive: true });
    const row = (name: string, column: number) => {
      const sorted = runs.map((run) => run[column] as number).sort((a, b) => a - b);
      print([name, `${Math.round(sorted[Math.floor(ROUNDS / 2)] as number)} ms`]);
    };
    row('import "kubesim"', 0);
    row("first startCluster()", 1);
    row("stop()", 2);
    row("second startCluster(), 3 nodes Ready", 3);
  },
};
