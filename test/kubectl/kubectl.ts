import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { requirement } from "../requirements.ts";

/** What one run of kubectl left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to reach the server under test. */
export interface Target {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly token: string;
}

/** A kubectl that goes on. */
interface Started {
  until(pattern: RegExp): Promise<string>;
  stop(): void;
}

/** A kubectl with a kubeconfig and caches of its own, all in one temporary folder. */
export interface Kubectl {
  readonly binary: string;
  /** Runs it and returns what it printed; fails when it ends with another code than 0. */
  (...args: string[]): Promise<string>;
  /** Runs it and returns everything, whatever the code. */
  run(
    args: readonly string[],
    options?: { readonly input?: string; readonly env?: NodeJS.ProcessEnv },
  ): Promise<Outcome>;
  /** Starts one that goes on, such as `get -w`; `until` resolves with all output so far once it matches. */
  start(...args: string[]): Started;
  /** The same with further variables in its environment. */
  startWith(env: NodeJS.ProcessEnv, ...args: string[]): Started;
  /** Writes a file into the folder, in which commands are run, and returns its path. */
  file(name: string, content: string): string;
  dispose(): void;
}

/** Only a kubectl that hangs reaches it, on however busy a machine. */
const RUN_LIMIT_MS = 120_000;

/** kubectl is gone before collecting its garbage is worth it: a third less of the processor's time. */
const FRUGAL = { GOGC: "off", GOMAXPROCS: "1" };

/** Binaries to run everything with: KUBESIM_TEST_KUBECTL (a list as in PATH), or the one on PATH. */
export const binaries: readonly string[] = (process.env.KUBESIM_TEST_KUBECTL ?? "kubectl").split(delimiter);

/** Further ones that walk through every command once: KUBESIM_TEST_WALKING_KUBECTL. */
export const walkingBinaries: readonly string[] =
  process.env.KUBESIM_TEST_WALKING_KUBECTL?.split(delimiter) ?? binaries;

/** Whether all of them can be started. */
export const kubectlRequirement = requirement("kubectl", () => {
  const all = [...new Set([...binaries, ...walkingBinaries])];
  const broken = all.filter((binary) => versionOf(binary) === undefined);
  return broken.length === 0 ? undefined : `cannot run ${broken.join(", ")}`;
});

/** `v1.33.1` of a binary, or undefined when it does not start. */
export function versionOf(binary: string): string | undefined {
  const result = spawnSync(binary, ["version", "--client", "-o", "json"], { encoding: "utf8" });
  if (result.status !== 0) return undefined;
  return (JSON.parse(result.stdout) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion;
}

/** Prepares a kubectl that talks to the target. */
export function kubectlFor(binary: string, target: Target): Kubectl {
  const folder = mkdtempSync(join(tmpdir(), "kubesim-kubectl-"));
  const kubeconfig = join(folder, "config");
  writeFileSync(kubeconfig, kubeconfigText(target));
  const common = [`--kubeconfig=${kubeconfig}`, `--cache-dir=${join(folder, "cache")}`];
  const environment = { PATH: process.env.PATH, HOME: folder, ...FRUGAL };
  const run: Kubectl["run"] = (args, options = {}) =>
    runOnce(binary, [...common, ...args], folder, { ...environment, ...options.env }, options.input);
  const kubectl = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  };
  return Object.assign(kubectl, {
    binary,
    run,
    start: (...args: string[]) => startOne(binary, [...common, ...args], environment),
    startWith: (env: NodeJS.ProcessEnv, ...args: string[]) =>
      startOne(binary, [...common, ...args], { ...environment, ...env }),
    file(name: string, content: string) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  });
}

/** Waits until a pod has a log. As with Kubernetes, there is none before its container has started. */
export async function untilLogged({ run }: Kubectl, pod: string): Promise<void> {
  while ((await run(["logs", pod])).code !== 0);
}

function kubeconfigText({ url, certificateAuthority, token }: Target): string {
  const named = (kind: string, value: object) => [{ name: "kubesim", [kind]: value }];
  const data = Buffer.from(certificateAuthority).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: named("cluster", { server: url, "certificate-authority-data": data }),
    users: named("user", { token }),
    contexts: named("context", { cluster: "kubesim", user: "kubesim" }),
    "current-context": "kubesim",
  });
}

function runOnce(
  binary: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input = "",
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: RUN_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(binary, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

function startOne(binary: string, args: string[], env: NodeJS.ProcessEnv): Started {
  const child: ChildProcess = spawn(binary, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      for (const look of waiting) look();
    });
  }
  return {
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${args.join(" ")} never said ${pattern}, only: ${output}`));
        }, RUN_LIMIT_MS);
        const look = () => {
          if (!pattern.test(output)) return;
          clearTimeout(limit);
          waiting.delete(look);
          resolve(output);
        };
        waiting.add(look);
        look();
      }),
    stop: () => void child.kill(),
  };
}
