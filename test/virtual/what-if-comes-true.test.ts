import { afterEach, expect, it } from "vitest";
import type { Pod } from "../../src/api/kinds/pod.ts";
import { controllerOf } from "../../src/api/owner-references.ts";
import { readManifests } from "../../src/simulate/files/manifests.ts";
import { takeSnapshot } from "../../src/simulate/snapshot.ts";
import { parseSteps } from "../../src/simulate/what-if/step.ts";
import { whatIf } from "../../src/simulate/what-if/what-if.ts";
import { type HeldCluster, startHeld } from "./held-cluster.ts";

const running: HeldCluster[] = [];
afterEach(async () => {
  for (const { cluster } of running.splice(0)) await cluster.stop();
});

const OWN = `export default { score: (pod, node) => (node.podCount * 7 + node.index * 3) % 5 };`;

const APP = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: late }
spec:
  replicas: 5
  selector: { matchLabels: { app: late } }
  template:
    metadata: { labels: { app: late } }
    spec:
      containers: [{ name: main, image: late, resources: { requests: { cpu: "1" } } }]
`;

const SCENE = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 6
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: main, image: web, resources: { requests: { cpu: 500m } } }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: default }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: default }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers: [{ name: main, image: agent, resources: { requests: { cpu: 100m } } }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: default }
spec:
  serviceName: db
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [{ name: main, image: db, resources: { requests: { cpu: "1" } } }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

/** Six nodes in three zones with pods of all sorts, a few more than fit; the clock stands two minutes later. */
async function start(): Promise<HeldCluster> {
  const held = await startHeld();
  running.push(held);
  const { objects } = held.cluster;
  for (let node = 1; node <= 6; node++) {
    await held.send("POST", "/api/v1/nodes", nodeOf(`node-${node}`, "abc"[node % 3]));
  }
  for (const { kind, draft } of readManifests("scene.yaml", SCENE, "default"))
    await objects.create(kind, draft);
  for (let pod = 1; pod <= 19; pod++) await held.launch(`bare-${pod}`);
  await held.advance("2m");
  return held;
}

function nodeOf(name: string, zone?: string) {
  const labels = { "kubernetes.io/hostname": name, ...(zone && { "topology.kubernetes.io/zone": zone }) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    status: { capacity: { cpu: "4", memory: "8Gi", pods: "110" } },
  };
}

/** Where pods are: by name, or by workload where that draws names. */
function places(pods: readonly Pod[]): readonly string[] {
  const there = pods.filter(
    ({ metadata, status }) => !metadata.deletionTimestamp && status.phase !== "Failed",
  );
  return there
    .map((pod) => {
      const owner = controllerOf(pod);
      const isNumbered = owner === undefined || owner.kind === "StatefulSet";
      return `${isNumbered ? pod.metadata.name : owner.name} on ${pod.spec.nodeName ?? "no node"}`;
    })
    .sort();
}

async function podsOf(held: HeldCluster): Promise<readonly Pod[]> {
  return (await held.send("GET", "/api/v1/pods")).body.items;
}

const MERGE = "application/merge-patch+json";
const SETTINGS = "/apis/kubesim.dev/v1alpha1/clustersettings/cluster";

/** As kubectl drain does it. */
async function drain(held: HeldCluster, node: string): Promise<void> {
  await held.send("PATCH", `/api/v1/nodes/${node}`, { spec: { unschedulable: true } }, MERGE);
  let left = (await podsOf(held)).filter(
    (pod) => pod.spec.nodeName === node && controllerOf(pod)?.kind !== "DaemonSet",
  );
  for (let round = 0; left.length > 0 && round < 100; round++) {
    const refused: Pod[] = [];
    for (const pod of left) {
      const { name } = pod.metadata;
      const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
      const path = `/api/v1/namespaces/default/pods/${name}/eviction`;
      if ((await held.send("POST", path, eviction)).status === 429) refused.push(pod);
    }
    left = refused;
    if (left.length > 0) await held.advance("5s");
  }
}

const launched = (held: HeldCluster) =>
  Promise.all(
    readManifests("app.yaml", APP, "default").map(({ kind, draft }) =>
      held.cluster.objects.create(kind, draft),
    ),
  );

const setStrategy = (spec: object) => (held: HeldCluster) => held.send("PATCH", SETTINGS, { spec }, MERGE);

const FORMS: readonly [string, (held: HeldCluster) => Promise<unknown>][] = [
  ["drain node-1", (held) => drain(held, "node-1")],
  [
    "remove zone a",
    async (held) => {
      for (const node of ["node-3", "node-6"]) await held.send("DELETE", `/api/v1/nodes/${node}`);
    },
  ],
  [
    "add 2 nodes",
    async (held) => {
      // Together: the first of them would be filled before the second is there.
      await Promise.all(["node-7", "node-8"].map((node) => held.send("POST", "/api/v1/nodes", nodeOf(node))));
    },
  ],
  [
    "strategy worst-fit then launch",
    async (held) => {
      await setStrategy({ strategy: "worst-fit" })(held);
      await launched(held);
    },
  ],
  ["launch", launched],
  [
    "crash node-2 node-3",
    async (held) => {
      for (const nodeName of ["node-2", "node-3"]) {
        await held.send("POST", "/apis/kubesim.dev/v1alpha1/nodefaults", {
          apiVersion: "kubesim.dev/v1alpha1",
          kind: "NodeFault",
          metadata: { name: `of-${nodeName}` },
          spec: { nodeName, fault: "node-crash", origin: "user" },
        });
      }
    },
  ],
];

it.each(
  FORMS.flatMap(([sentence, act]) => [[sentence, "best-fit", act] as const, [sentence, "own", act] as const]),
)("what is said of '%s' (strategy %s) comes true", async (sentence, strategy, act) => {
  const held = await start();
  const own = strategy === "own" && { customStrategy: { name: "own", source: OWN } };
  await setStrategy({ strategy, ...own })(held);
  // The first of these pods is there before the question, the others wait or come with the answer.
  await held.advance("1m");
  const steps = parseSteps([sentence], {
    node: { cpu: "4", memory: "8Gi" },
    pod: { cpu: "1" },
    files: ["app.yaml"],
  });
  const launches = new Map(
    steps
      .filter((step) => step.do === "launch-files")
      .map((step) => [step, readManifests("app.yaml", APP, "default")]),
  );
  const snapshot = await takeSnapshot(held.cluster.objects);
  const said = await whatIf({ snapshot, steps, launches, withinMs: 600_000 });
  expect(said.steps.every(({ settled }) => settled)).toBe(true);
  const before = places(await podsOf(held));
  expect(places(said.before.pods)).toEqual(before);
  await act(held);
  await held.advance("10m");
  const after = places(await podsOf(held));
  expect(places(said.after.pods)).toEqual(after);
  if (!sentence.startsWith("add")) expect(after).not.toEqual(before);
});
