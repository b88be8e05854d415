import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { YOUNG_SPACE } from "../src/boot/young-space.ts";
import { RawClient, type Target } from "./raw-client.ts";

export const PROGRAM = join(import.meta.dirname, "..", "dist", "kubesim.js");

/** The built program's server in a process and a state directory of its own. */
export interface BenchServer {
  readonly target: Target;
  readonly env: NodeJS.ProcessEnv;
  readonly kubeconfig: string;
  /** Milliseconds from spawning it to its first answer. */
  readonly bootMs: number;
  /** Resident memory in bytes, as the system counts it. */
  residentBytes(): number;
  /** Processor time it has used, in ms. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** Starts `kubesim server run`; `stateHome` may be used again to keep certificates and data. */
export async function startServer(
  args: readonly string[],
  stateHome = mkdtempSync(join(tmpdir(), "kubesim-bench-")),
): Promise<BenchServer> {
  const env = { ...process.env, XDG_STATE_HOME: stateHome, KUBESIM_CLUSTER: "bench" };
  const directory = join(stateHome, "kubesim", "clusters", "bench");
  const record = join(directory, "server.json");
  rmSync(record, { force: true });
  const startedMs = performance.now();
  const child = spawn(process.execPath, [YOUNG_SPACE, PROGRAM, "server", "run", ...args], {
    env,
    stdio: "ignore",
  });
  const target = await firstAnswer(child, directory, record);
  const bootMs = performance.now() - startedMs;
  const pid = child.pid as number;
  return {
    target,
    env,
    kubeconfig: join(directory, "kubeconfig"),
    bootMs,
    residentBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024,
    cpuMs: () => cpuTicks(pid) * 10,
    stop: () => stop(child),
  };
}

async function firstAnswer(child: ChildProcess, directory: string, record: string): Promise<Target> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with exit code ${child.exitCode}`);
    if (existsSync(record)) {
      const answered = await tryToAnswer(directory, record);
      if (answered !== undefined) return answered;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function tryToAnswer(directory: string, record: string): Promise<Target | undefined> {
  try {
    const { port } = JSON.parse(readFileSync(record, "utf8")) as { port: number };
    const ca = readFileSync(join(directory, "ca.crt"), "utf8");
    const token = readFileSync(join(directory, "token"), "utf8").trim();
    const client = await RawClient.open({ port, ca, token }, 1);
    const { status } = await client.get("/version");
    client.close();
    return status === 200 ? { port, ca, token } : undefined;
  } catch {
    return undefined;
  }
}

/** utime + stime in clock ticks of 10 ms. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
