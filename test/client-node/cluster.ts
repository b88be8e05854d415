import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { type RunningCluster, startCluster } from "../../src/cluster/cluster.ts";
import { createTlsFiles, type TlsFiles } from "../../src/server/tls.ts";

/** A cluster in this process that can be restarted on its port, and how client-node reaches it. */
export interface ClusterUnderTest {
  readonly config: KubeConfig;
  /** Path of a kubeconfig file, for other processes. */
  readonly kubeconfig: string;
  /** Stops the server and starts it again: the same port, token and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const TOKEN = "client-node-test";

/** Starts one over LMDB with a node that is ready for pods. */
export async function startForClientNode(): Promise<ClusterUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "kubesim-client-node-"));
  const tls = await createTlsFiles(Date.now());
  let cluster = await start(folder, tls, 0);
  const port = Number(new URL(cluster.listening?.url as string).port);
  const config = new KubeConfig();
  config.loadFromString(kubeconfigText(cluster.listening?.url as string, tls.caCert));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, config.exportConfig());
  return {
    config,
    kubeconfig,
    async restart() {
      await cluster.stop();
      cluster = await start(folder, tls, port);
    },
    async stop() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(folder: string, tls: TlsFiles, port: number): Promise<RunningCluster> {
  const store = { kind: "lmdb", directory: join(folder, "data") } as const;
  return startCluster({ store, listen: { port, token: TOKEN, tls }, version: "0.0.0" });
}

function kubeconfigText(url: string, certificateAuthority: string): string {
  const data = Buffer.from(certificateAuthority).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kubesim", cluster: { server: url, "certificate-authority-data": data } }],
    users: [{ name: "kubesim", user: { token: TOKEN } }],
    contexts: [{ name: "kubesim", context: { cluster: "kubesim", user: "kubesim" } }],
    "current-context": "kubesim",
  });
}

/** Asks again until the answer is as wanted; fails with what it was last. */
export async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const limit = Date.now() + 120_000;
  for (;;) {
    const answer = await ask().catch((error: unknown) => error as T);
    if (!(answer instanceof Error) && isWanted(answer)) return answer;
    if (Date.now() > limit)
      throw new Error(`never as wanted, last ${JSON.stringify(answer)}`, { cause: answer });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
