import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import type { Kind } from "../../src/api/kind.ts";
import { clusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import { type Deployment, deployments } from "../../src/api/kinds/deployment.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import { persistentVolumeClaims } from "../../src/api/kinds/persistent-volume-claim.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { priorityClasses } from "../../src/api/kinds/priority-class.ts";
import type { Draft } from "../../src/api/meta.ts";
import { modify } from "../../src/api/modify.ts";
import type { Objects } from "../../src/api/objects.ts";
import { RealClock } from "../../src/clock/real.ts";
import { createRandom } from "../../src/lib/random.ts";
import { nodeDraft } from "../../src/simulate/drafts.ts";
import { podOf } from "../../src/simulate/sources/pod-of.ts";
import { Home, type Outcome } from "../cli/program.ts";
import { connectTo, until } from "../cli/scene.ts";

const clock = new RealClock();
const random = createRandom("a busy cluster");

/** What is done goes on for so long once both recordings have begun. */
const RUSH_MS = 4_000;

/** A strategy of somebody's own: where the name of the pod and that of the node have most in common, as it were. */
const OWN = `export default { score: (pod, node) => (pod.name.length * 7 + node.index * 13) % 11 };`;

type IsOver = () => boolean;

/** Everything that people do to a cluster, all at once and without waiting for anything. */
async function rush(objects: Objects, home: Home, isOver: IsOver): Promise<void> {
  await Promise.all([
    stream(objects, "plain", isOver, (name) =>
      podOf(name, demand(), random.below(3) > 0 ? lifetime() : undefined),
    ),
    stream(objects, "important", isOver, (name) => important(podOf(name, demand(), lifetime()))),
    stream(objects, "careful", isOver, (name) => withClaim(podOf(name, demand(), undefined))),
    stream(objects, "apart", isOver, apart),
    comeAndGo(objects, isOver),
    rollOut(objects),
    impatience(objects, isOver),
    changeOfMind(objects, isOver),
    home.run(["chaos", "--duration", "5s", "--tick", "200ms", "--failure-prob", "0.03", "--plain"]),
  ]);
}

const demand = () => ({ cpu: `${250 + 250 * random.below(6)}m`, memory: "256Mi" });
const lifetime = () => 200 + random.below(2_500);

/** Pods come one by one, some ms apart. */
async function stream(
  objects: Objects,
  name: string,
  isOver: IsOver,
  draft: (name: string) => Draft<Pod>,
): Promise<void> {
  for (let index = 0; !isOver(); index++) {
    const pod = draft(`${name}-${index}`);
    const claim = pod.spec.volumes?.[0]?.persistentVolumeClaim?.claimName;
    if (claim !== undefined) await objects.create(persistentVolumeClaims, claimOf(claim));
    await objects.create(pods, pod);
    await clock.sleep(random.below(60));
  }
}

function important(draft: Draft<Pod>): Draft<Pod> {
  return { ...draft, spec: { ...draft.spec, priorityClassName: "important" } };
}

function withClaim(draft: Draft<Pod>): Draft<Pod> {
  const claimName = `of-${draft.metadata.name}`;
  return {
    ...draft,
    spec: { ...draft.spec, volumes: [{ name: "data", persistentVolumeClaim: { claimName } }] },
  };
}

function claimOf(name: string) {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    status: {},
  } as const;
}

/** Two of these never share a node. */
function apart(name: string): Draft<Pod> {
  const draft = podOf(name, demand(), lifetime());
  const labels = { app: "apart" };
  const rule = { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" };
  return {
    ...draft,
    metadata: { ...draft.metadata, labels },
    spec: {
      ...draft.spec,
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [rule] } },
    },
  };
}

/** Nodes come, are cordoned, and go with all that is on them. */
async function comeAndGo(objects: Objects, isOver: IsOver): Promise<void> {
  for (let round = 0; !isOver(); round++) {
    await objects.create(nodes, nodeDraft(`guest-${round}`, { cpu: "4", memory: "16Gi" }));
    await clock.sleep(100 + random.below(500));
    if (round % 3 === 1) {
      await modify(objects, nodes, { name: `guest-${round}` }, (node) => ({
        ...node,
        spec: { ...node.spec, unschedulable: true },
      }));
    }
    await clock.sleep(random.below(300));
    if (round % 2 === 0) await objects.delete(nodes, { name: `guest-${round}` });
  }
}

async function rollOut(objects: Objects): Promise<void> {
  const labels = { app: "web" };
  const template = (image: string) => ({
    metadata: { labels },
    spec: { containers: [{ name: "main", image, resources: { requests: { cpu: "250m" } } }] },
  });
  await objects.create(deployments, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: { replicas: 20, selector: { matchLabels: labels }, template: template("web:1") },
    status: {},
  } as unknown as Draft<Deployment>);
  for (let version = 2; version < 5; version++) {
    await clock.sleep(1_000);
    await modify(objects, deployments, { namespace: "default", name: "web" }, (now) => ({
      ...now,
      spec: { ...now.spec, replicas: 10 * version, template: template(`web:${version}`) } as typeof now.spec,
    }));
  }
}

/** Pods are deleted, in whatever state they are. */
async function impatience(objects: Objects, isOver: IsOver): Promise<void> {
  while (!isOver()) {
    await clock.sleep(200);
    const { items } = await objects.list(pods);
    for (let count = 0; count < 3 && items.length > 0; count++) {
      const { metadata } = items[random.below(items.length)] as Pod;
      await gone(objects, pods as unknown as Kind, metadata.name);
    }
  }
}

async function gone(objects: Objects, kind: Kind, name: string): Promise<void> {
  try {
    await objects.delete(kind, { namespace: "default", name }, { gracePeriodSeconds: 0 });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}

async function changeOfMind(objects: Objects, isOver: IsOver): Promise<void> {
  const strategies = ["kubernetes", "round-robin", "own", "random", "fgd"];
  for (let turn = 0; !isOver(); turn++) {
    const strategy = strategies[turn % strategies.length] as string;
    await clock.sleep(900);
    await modify(objects, clusterSettings, { name: "cluster" }, (now) => {
      const { customStrategy: _, ...spec } = now.spec;
      const own = strategy === "own" && { customStrategy: { name: "own", source: OWN } };
      return { ...now, spec: { ...spec, strategy, ...own } };
    });
  }
}

/** Records until it is told to end. */
async function startRecording(home: Home, file: string): Promise<() => Promise<Outcome>> {
  let stop = () => {};
  let hasBegun = false;
  const recording = home.run(["record", file], {
    started(child) {
      stop = () => void child.kill("SIGINT");
      child.stderr?.on("data", () => {
        hasBegun = true;
      });
    },
  });
  await until(async () => hasBegun);
  return () => {
    stop();
    return recording;
  };
}

/** Does again what was recorded. */
async function verify(home: Home, file: string) {
  const { code, stdout, stderr } = await home.run(["replay", file, "--verify", "-o", "json"]);
  return { code, stderr, ...(JSON.parse(stdout) as Record<string, unknown>) } as Outcome & {
    readonly bindings: number;
    readonly differences: readonly { readonly pod: string }[];
  };
}

const STORES = (process.env.KUBESIM_BUSY_STORES ?? "lmdb").split(",");

describe.each(STORES)("a busy cluster (store %s), recorded while it lives", (store) => {
  const home = new Home();
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", store]);
    const cluster = await connectTo(home);
    const { objects } = cluster;
    for (let index = 1; index <= 12; index++) {
      await objects.create(nodes, nodeDraft(`n-${index}`, { cpu: String(4 + (index % 4)), memory: "32Gi" }));
    }
    await objects.create(priorityClasses, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "important" },
      value: 1_000,
    });
    // It has lived for a while, and draws: what the recording begins with is nothing simple.
    await home.succeed(["strategy", "set", "random"]);
    for (let pod = 0; pod < 40; pod++)
      await objects.create(pods, podOf(`early-${pod}`, demand(), lifetime()));
    const endFirst = await startRecording(home, "first.jsonl");
    let isOver = false;
    const rushing = rush(objects, home, () => isOver);
    await clock.sleep(1_500);
    const endSecond = await startRecording(home, "second.jsonl");
    await clock.sleep(RUSH_MS);
    isOver = true;
    await rushing;
    await endFirst();
    await endSecond();
    await cluster.close();
  });
  afterAll(() => home.remove());

  it.each([
    ["first.jsonl", 60],
    ["second.jsonl", 20],
  ])("replays %s to the same bindings, every one", async (file, bindings) => {
    const verified = await verify(home, file);
    expect(verified.differences, verified.stderr).toEqual([]);
    expect(verified.code).toBe(0);
    expect(verified.bindings).toBeGreaterThan(bindings);
  });

  it("tells of a decision that was another one", async () => {
    const lines = readFileSync(join(home.path, "first.jsonl"), "utf8").split("\n");
    const changed = lines.findIndex((line) => line.includes('"recording":"binding"'));
    const binding = JSON.parse(lines[changed] as string) as { pod: string; node: string };
    lines[changed] = JSON.stringify({ ...binding, node: "elsewhere" });
    writeFileSync(join(home.path, "changed.jsonl"), lines.join("\n"));
    const { code, differences } = await verify(home, "changed.jsonl");
    expect(code).toBe(1);
    expect(differences.map(({ pod }) => pod)).toEqual([binding.pod]);
  });

  it("decides otherwise where another node is full", async () => {
    const text = readFileSync(join(home.path, "first.jsonl"), "utf8");
    const changed = text.replace(/^(.*"recording":"object","key":"nodes\/n-7".*)$/m, (line) =>
      line.replaceAll('"cpu":"7"', '"cpu":"1"'),
    );
    expect(changed).not.toBe(text);
    writeFileSync(join(home.path, "fuller.jsonl"), changed);
    const { code, differences } = await verify(home, "fuller.jsonl");
    expect(code).toBe(1);
    expect(differences.length).toBeGreaterThan(10);
  });
});
