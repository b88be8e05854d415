import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RawClient } from "./raw-client.ts";
import { PROGRAM, startServer } from "./server.ts";
import { type Benchmark, median } from "./table.ts";
import { NODES_PATH, nodeBodies, PODS_PATH, podBodies, untilNone } from "./workload.ts";

const ROUNDS = 9;

/** Whole processes as a person starts them, medians of alternating runs; ratios to a Node that does nothing. */
export const processes: Benchmark = {
  name: "processes",
  summary: `whole processes, medians of ${ROUNDS} alternating runs`,
  async run(print) {
    const stateHome = mkdtempSync(join(tmpdir(), "kubesim-bench-"));
    await (await startServer(["--store", "memory"], stateHome)).stop();
    const bare: number[] = [];
    const boots: number[] = [];
    const durableBoots: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(timed(process.execPath, ["-e", "0"], process.env));
      boots.push(await boot("memory", stateHome));
      durableBoots.push(await boot("lmdb", stateHome));
    }
    const bareMs = median(bare);
    const row = (name: string, durationMs: number) =>
      print([name, `${Math.round(durationMs)} ms`, `${(durationMs / bareMs).toFixed(1)} x bare node`]);
    row("node -e 0", bareMs);
    row("boot to first answer (memory)", median(boots));
    row("boot to first answer (lmdb)", median(durableBoots));
    for (const [name, durationMs] of await lists(stateHome)) row(name, durationMs);
  },
};

async function boot(store: string, stateHome: string): Promise<number> {
  const server = await startServer(["--store", store], stateHome);
  await server.stop();
  return server.bootMs;
}

async function lists(stateHome: string): Promise<[string, number][]> {
  const server = await startServer(["--store", "memory"], stateHome);
  const client = await RawClient.open(server.target, 8);
  await client.postAll(NODES_PATH, nodeBodies(10));
  await client.postAll(PODS_PATH, podBodies(100));
  await untilNone(client, PODS_PATH, "status.phase!=Running");
  client.close();
  const env = { ...server.env, KUBECONFIG: server.kubeconfig };
  const commands: [string, string, string[]][] = [
    ["kubesim --version", process.execPath, [PROGRAM, "--version"]],
    ["kubesim pods list (100 pods)", process.execPath, [PROGRAM, "pods", "list"]],
    ["kubectl get pods (100 pods)", "kubectl", ["get", "pods"]],
  ];
  const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;
  const medians = commands
    .filter(([, program]) => program !== "kubectl" || hasKubectl)
    .map(([name, program, args]): [string, number] => {
      const times = Array.from({ length: ROUNDS }, () => timed(program, args, env));
      return [name, median(times)];
    });
  await server.stop();
  return medians;
}

function timed(program: string, args: string[], env: NodeJS.ProcessEnv): number {
  const startMs = performance.now();
  const { status, stderr } = spawnSync(program, args, { env });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stderr}`);
  return performance.now() - startMs;
}
