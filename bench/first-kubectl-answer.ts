import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM, startServer } from "./server.ts";
import { type Benchmark, median } from "./table.ts";

const ROUNDS = 9;

/** A cluster out of nothing, up to kubectl's first answer; kubectl has never seen it and asks what is served. */
export const firstKubectlAnswer: Benchmark = {
  name: "first-kubectl-answer",
  summary: `kubectl get namespaces with an empty discovery cache, medians of ${ROUNDS} runs`,
  async run(print) {
    const kubectl = kubectlProgram();
    if (kubectl === undefined) return print(["there is no kubectl on the PATH"]);
    const scratch = mkdtempSync(join(tmpdir(), "kubesim-bench-"));
    const asks = new KubectlAsks(kubectl, scratch);
    const warm = await againstWarmServer(asks, scratch);
    const whole: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const stateHome = join(scratch, `state-${round}`);
      whole.push(bootAndAsk(asks, stateHome));
      again.push(bootAndAsk(asks, stateHome));
    }
    rmSync(scratch, { recursive: true });
    const row = (name: string, values: readonly number[]) => {
      const ms = median(values);
      print([name, `${Math.round(ms)} ms`, `${Math.round(ms - median(warm))} ms`]);
    };
    print(["what", "time", "on top of kubectl's own"]);
    row("kubectl alone, warm server", warm);
    row("kubesim server start + kubectl, new cluster", whole);
    row("kubesim server start + kubectl, known cluster", again);
  },
};

/** Runs of kubectl, each with a discovery cache of its own. */
class KubectlAsks {
  readonly #program: string;
  readonly #scratch: string;
  #count = 0;

  constructor(program: string, scratch: string) {
    this.#program = program;
    this.#scratch = scratch;
  }

  ask(env: NodeJS.ProcessEnv): void {
    const cache = join(this.#scratch, `cache-${this.#count++}`);
    run(this.#program, ["get", "namespaces", "--cache-dir", cache], env);
  }
}

async function againstWarmServer(asks: KubectlAsks, scratch: string): Promise<number[]> {
  const server = await startServer(["--store", "memory"], join(scratch, "warm"));
  const env = { ...server.env, KUBECONFIG: server.kubeconfig };
  asks.ask(env);
  const times = Array.from({ length: ROUNDS }, () => timed(() => asks.ask(env)));
  await server.stop();
  return times;
}

function bootAndAsk(asks: KubectlAsks, stateHome: string): number {
  const kubeconfig = join(stateHome, "kubesim", "clusters", "bench", "kubeconfig");
  const env = { ...process.env, XDG_STATE_HOME: stateHome, KUBESIM_CLUSTER: "bench", KUBECONFIG: kubeconfig };
  const ms = timed(() => {
    run(process.execPath, [PROGRAM, "server", "start", "--store", "memory"], env);
    asks.ask(env);
  });
  run(process.execPath, [PROGRAM, "server", "stop"], env);
  return ms;
}

function kubectlProgram(): string | undefined {
  const named = process.env.KUBESIM_TEST_KUBECTL?.split(":")[0];
  const program = named === undefined || named === "" ? "kubectl" : named;
  return spawnSync(program, ["version", "--client"]).status === 0 ? program : undefined;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stderr } = spawnSync(program, args, { env });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stderr}`);
}

function timed(action: () => void): number {
  const startMs = performance.now();
  action();
  return performance.now() - startMs;
}
