import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM, startServer } from "./server.ts";
import { type Benchmark, median } from "./table.ts";

const ROUNDS = 9;
const START = ["server", "start", "--store", "memory"];
/** A server has kept its compiled code by then. */
const KEPT_MS = 2_500;

/** A cluster out of nothing, up to kubectl's first answer; kubectl has never seen it and asks what is served. */
export const firstKubectlAnswer: Benchmark = {
  name: "first-kubectl-answer",
  summary: `kubectl get namespaces with an empty discovery cache, medians of ${ROUNDS} runs`,
  async run(print) {
    const kubectl = kubectlProgram();
    if (kubectl === undefined) return print(["there is no kubectl on the PATH"]);
    const scratch = mkdtempSync(join(tmpdir(), "kubesim-bench-"));
    const own = median(await againstWarmServer(new Home(kubectl, join(scratch, "warm"))));
    const times = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
      const taken = await timesIn(new Home(kubectl, join(scratch, `round-${round}`)));
      for (const [name, ms] of taken) times.set(name, [...(times.get(name) ?? []), ms]);
    }
    rmSync(scratch, { recursive: true });
    print(["what", "time", "on top of kubectl's own"]);
    print(["kubectl alone, warm server", `${Math.round(own)} ms`, "0 ms"]);
    for (const [name, values] of times) {
      const ms = median(values);
      print([name, `${Math.round(ms)} ms`, name.startsWith("  ") ? "" : `${Math.round(ms - own)} ms`]);
    }
  },
};

/** Every way to a first answer, and the parts that it is made of; ms by name. */
async function timesIn(home: Home): Promise<(readonly [string, number])[]> {
  const startAndAsk = async () => {
    await home.kubesim(START);
    await home.ask();
  };
  const first = await timed(startAndAsk);
  await home.stop();
  await home.serve(KEPT_MS);
  const created = await timed(startAndAsk, () => home.forget());
  await home.stop();
  const known = await timed(startAndAsk);
  const listed = await timed(() => home.kubesim(["nodes", "list"]));
  await home.stop();
  const wrapped = await timed(
    () => home.kubesim(["kubectl", "get", "namespaces"]),
    () => home.forget(),
  );
  await home.stop();
  home.forget();
  const inForeground = await home.serve(0, () => home.ask());
  const started = await timed(
    () => home.kubesim(START),
    () => home.forget(),
  );
  await home.stop();
  return [
    ["kubesim server start + kubectl, the very first", first],
    ["kubesim server start + kubectl, new cluster", created],
    ["kubesim server start + kubectl, known cluster", known],
    ["kubesim kubectl, new cluster", wrapped],
    ["kubesim server run + kubectl, new cluster", inForeground],
    ["  part: kubesim server start, new cluster", started],
    ["  part: kubesim server run until clients may come", await home.serve(0)],
    ["  also: kubesim nodes list, a server that runs", listed],
    ["  part: kubesim --version", await timed(() => home.kubesim(["--version"]))],
    ["  part: node with nothing to do", await timed(() => home.run(process.execPath, ["-e", "0"]))],
  ];
}

/** A user's home; at first without anything in it. */
class Home {
  readonly #kubectl: string;
  readonly #path: string;
  readonly #env: NodeJS.ProcessEnv;
  #asked = 0;

  constructor(kubectl: string, path: string) {
    this.#kubectl = kubectl;
    this.#path = path;
    this.#env = {
      ...process.env,
      XDG_STATE_HOME: join(path, "state"),
      XDG_CACHE_HOME: join(path, "cache"),
      KUBESIM_CLUSTER: "bench",
      KUBESIM_KUBECTL: kubectl,
      KUBECONFIG: join(path, "state", "kubesim", "clusters", "bench", "kubeconfig"),
    };
  }

  get stateHome(): string {
    return join(this.#path, "state");
  }

  run(program: string, args: readonly string[]): void {
    const { status, stderr } = spawnSync(program, args, { env: this.#env });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stderr}`);
  }

  kubesim(args: readonly string[]): void {
    this.run(process.execPath, [PROGRAM, ...args]);
  }

  /** kubectl has a cache of its own each time. */
  ask(): void {
    this.run(this.#kubectl, ["get", "namespaces", "--cache-dir", join(this.#path, `asked-${this.#asked++}`)]);
  }

  stop(): void {
    this.kubesim(["server", "stop"]);
  }

  forget(): void {
    rmSync(this.stateHome, { recursive: true, force: true });
  }

  /** A server in the foreground, ended after so long. @returns ms until clients could come, and were done */
  async serve(stayMs: number, client = () => {}): Promise<number> {
    const record = join(this.stateHome, "kubesim", "clusters", "bench", "server.json");
    rmSync(record, { force: true });
    const startMs = performance.now();
    const server = spawn(process.execPath, [PROGRAM, "server", "run", "--store", "memory"], {
      env: this.#env,
      stdio: "ignore",
    });
    while (!existsSync(record)) await new Promise((resolve) => setTimeout(resolve, 1));
    client();
    const ms = performance.now() - startMs;
    await new Promise((resolve) => setTimeout(resolve, stayMs));
    server.kill();
    await new Promise((resolve) => server.once("exit", resolve));
    return ms;
  }
}

async function againstWarmServer(home: Home): Promise<number[]> {
  const server = await startServer(["--store", "memory"], home.stateHome);
  home.ask();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timed(() => home.ask()));
  await server.stop();
  return times;
}

function kubectlProgram(): string | undefined {
  const named = process.env.KUBESIM_TEST_KUBECTL?.split(":")[0];
  const program = named === undefined || named === "" ? "kubectl" : named;
  return spawnSync(program, ["version", "--client"]).status === 0 ? program : undefined;
}

async function timed(action: () => unknown, before = () => {}): Promise<number> {
  before();
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
}
