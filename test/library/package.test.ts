import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** A project that has kubesim from the packed tarball, as npm would install it. */
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "kubesim-consumer-"));
  // `prepare` would build again what the tests run just now.
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", project];
  const tarball = execFileSync("npm", pack, { cwd: ROOT, encoding: "utf8" }).trim();
  const installed = join(project, "node_modules", "kubesim");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(project, tarball), "-C", installed, "--strip-components=1"]);
  mkdirSync(join(project, "node_modules", "@types"));
  mkdirSync(join(project, "node_modules", "@kubernetes"));
  for (const name of ["@types/node", "undici-types", "@kubernetes/client-node", "vitest"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name));
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(project, name);
  writeFileSync(path, text);
  return path;
}

/** What Node prints for a script of the project; it must end by itself. */
function run(path: string): string {
  return execFileSync(process.execPath, [path], { cwd: project, encoding: "utf8" });
}

const USE = `
const cluster = await startCluster({ nodes: 2 });
const [first] = await cluster.client.list("nodes");
console.log(first.metadata.name, cluster.url.startsWith("https://127.0.0.1:"));
await cluster.stop();
`;

describe("the packed library", () => {
  it("is imported by JavaScript, and leaves nothing that keeps the process", () => {
    expect(run(write("use.mjs", `import { startCluster } from "kubesim";${USE}`))).toBe("node-1 true\n");
  });

  it("is required by CommonJS", () => {
    const text = `const { startCluster } = require("kubesim");\n(async () => {${USE}})();`;
    expect(run(write("use.cjs", text))).toBe("node-1 true\n");
  });

  it("lets nothing else in", () => {
    const path = write("inside.mjs", 'await import("kubesim/dist/kubesim.js");');
    expect(() => execFileSync(process.execPath, [path], { stdio: "pipe" })).toThrow(
      "ERR_PACKAGE_PATH_NOT_EXPORTED",
    );
  });

  it("does what the examples of its documentation say", () => {
    const text = readFileSync(join(ROOT, "docs", "library.md"), "utf8");
    const examples = [...text.matchAll(/```js\n\/\/ (\S+\.test\.mjs)\n(.*?)```/gs)];
    expect(examples.map(([, name]) => name)).toEqual(["deployment.test.mjs", "eviction.test.mjs"]);
    for (const [, name = "", code = ""] of examples) write(name, code);
    const vitest = [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--root", project];
    execFileSync(process.execPath, vitest, { cwd: project, stdio: "pipe" });
  });

  it("compiles in a strict project of ES modules, and refuses what is wrong", () => {
    write(
      "tsconfig.json",
      JSON.stringify({
        compilerOptions: {
          strict: true,
          target: "es2022",
          lib: ["es2022", "esnext.disposable"],
          module: "nodenext",
          moduleResolution: "nodenext",
          types: ["node"],
          skipLibCheck: false,
          noEmit: true,
          exactOptionalPropertyTypes: true,
        },
        files: ["use.mts"],
      }),
    );
    write("use.mts", TYPED);
    execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", project], {
      cwd: project,
      stdio: "inherit",
    });
  });
});

const TYPED = `
import { ApiError, type Cluster, startCluster, type VirtualCluster } from "kubesim";

interface ConfigMap { metadata: { name: string }; data: Record<string, string> }

await using cluster: VirtualCluster = await startCluster({ time: "virtual", nodes: [{ count: 2, zone: "a" }] });
await cluster.clock.advance("5m");
const map = await cluster.client.get<ConfigMap>("configmaps", "settings");
export const value: string | undefined = map.data["key"];
const real: Cluster = await startCluster();
// @ts-expect-error time that passes by itself cannot be moved
await real.clock.advance("5m");
// @ts-expect-error there is no such option
await startCluster({ tiem: "virtual" });
export const code = (error: unknown): number => (error instanceof ApiError ? error.code : 0);
`;
