// Runs everything that this machine can run: the checks, a build, all test projects. Names what had to be skipped.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "kubesim-test-"));
const skipsFile = join(scratch, "skips");
const resultsFile = join(scratch, "results.json");
const env = { ...process.env, KUBESIM_TEST_SKIPS: skipsFile };

/** Runs a program of node_modules/.bin or npm with this terminal; true when it succeeded. */
function run(program, ...args) {
  process.stdout.write(`\n> ${program} ${args.join(" ")}\n`);
  return spawnSync(program, args, { cwd: root, env, stdio: "inherit" }).status === 0;
}

const filters = process.argv.slice(2);
const checked = filters.length > 0 || run("npm", "run", "-s", "check");
const built = run("npm", "run", "-s", "build");
const tested = run(
  "npx",
  "vitest",
  "run",
  ...filters,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${resultsFile}`,
);

const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) : {};
const skips = existsSync(skipsFile) ? [...new Set(readFileSync(skipsFile, "utf8").trim().split("\n"))] : [];
rmSync(scratch, { recursive: true, force: true });

const problems = [
  !checked && "npm run check failed",
  !built && "the build failed",
  !tested && "tests failed",
];
for (const problem of problems.filter(Boolean)) process.stdout.write(`\nFAILED: ${problem}\n`);
for (const skip of skips) process.stdout.write(`\nSKIPPED: ${skip}\n`);
const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = results;
process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);
process.exitCode = checked && built && tested ? 0 : 1;
