import { type Node, nodes } from "../../src/api/kinds/node.ts";
import type { Objects } from "../../src/api/objects.ts";
import { KINDS } from "../../src/api/registry.ts";
import { fixedKinds } from "../../src/api/served-kinds.ts";
import { RealClock } from "../../src/clock/real.ts";
import { createRandom } from "../../src/lib/random.ts";
import { createTokenKey, tokenSigner } from "../../src/server/authentication/token-signer.ts";
import { createHandler } from "../../src/server/handler.ts";
import { listen } from "../../src/server/listen.ts";
import { createTlsFiles } from "../../src/server/tls.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";
import type { Target } from "./kubectl.ts";

/** A server on a real socket over an empty memory store, without scheduler, controllers and agents. */
export interface ServerUnderTest extends Target {
  readonly objects: Objects;
  /** What the handler could not explain; must stay empty. */
  readonly failures: readonly unknown[];
  openWatches(): number;
  close(): Promise<void>;
}

/** Starts one. Nothing moves by itself in it: what is Running was said to be so by the test. */
export async function startServer(): Promise<ServerUnderTest> {
  const clock = new RealClock();
  const random = createRandom("kubectl");
  const tokens = tokenSigner(createTokenKey());
  const objects = new StoredObjects({ store: new MemoryStore(), clock, random, tokens });
  await bootstrap(objects);
  const failures: unknown[] = [];
  const token = "kubectl-test-token";
  const handler = createHandler({
    objects,
    kinds: fixedKinds(KINDS),
    clock,
    random,
    version: "0.0.0",
    token,
    tokens,
    onError: (error) => failures.push(error),
  });
  const tls = await createTlsFiles(clock.now());
  const listening = await listen(handler, { port: 0, tls });
  return {
    objects,
    failures,
    token,
    url: listening.url,
    certificateAuthority: tls.caCert,
    openWatches: () => handler.openWatches,
    close: () => listening.close(),
  };
}

/** Registers a node that is Ready. */
export function addNode(objects: Objects, name: string): Promise<Node> {
  const resources = { cpu: "4", memory: "16Gi", pods: "110" };
  return objects.create(nodes, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "ready" }],
      addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      nodeInfo: {
        kubeletVersion: "v1.33.0",
        osImage: "kubesim",
        kernelVersion: "6.1",
        containerRuntimeVersion: "sim://1",
      },
    },
  });
}
