import type { Kind } from "../../api/kind.ts";
import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
  timingProfileOf,
} from "../../api/kinds/cluster-settings.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import { nodeFaults } from "../../api/kinds/node-fault.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { Label } from "../../api/well-known.ts";
import type { PrivateCluster } from "../../cluster/private-cluster.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { nodeDraft, podDraft } from "../drafts.ts";
import { restoreSnapshot, type Snapshot } from "../snapshot.ts";
import { type Difference, difference } from "./difference.ts";
import { type Drained, drain } from "./drain.ts";
import { type FromScratch, placeFromScratch } from "./from-scratch.ts";
import { stepText, type Targets, WhatIfError, type WhatIfStep } from "./step.ts";

/** Objects to launch, by the step that names their files. */
export type Launches = ReadonlyMap<
  WhatIfStep,
  readonly { readonly kind: Kind; readonly draft: Draft<KubeObject> }[]
>;

export interface WhatIfOptions {
  readonly snapshot: Snapshot;
  readonly steps: readonly WhatIfStep[];
  readonly launches: Launches;
  /** Virtual time that a step is given to settle. */
  readonly withinMs: number;
}

/** What a step did. */
export interface StepResult extends Difference {
  readonly step: string;
  /** Virtual time until the last change of a pod. */
  readonly settledMs: number;
  /** False: pods were still changing when the time was over. */
  readonly settled: boolean;
  readonly drained?: Drained;
  readonly fromScratch?: FromScratch;
}

/** What would happen, and how the cluster would look before and after. */
export interface WhatIfResult {
  readonly steps: readonly StepResult[];
  readonly before: { readonly nodes: readonly Node[]; readonly pods: readonly Pod[] };
  readonly after: { readonly nodes: readonly Node[]; readonly pods: readonly Pod[] };
}

/** Pods that have not changed for so long have settled; failures are noticed later, by the timing profile. */
const QUIET_MS = 15_000;

/** Tries steps one after the other on a private copy of a cluster, in virtual time. Throws WhatIfError, ApiError. */
export async function whatIf(options: WhatIfOptions): Promise<WhatIfResult> {
  const cluster = await restoreSnapshot(options.snapshot);
  try {
    await cluster.clock.settle();
    const before = await look(cluster);
    const steps: StepResult[] = [];
    for (const step of options.steps) steps.push(await tryStep(cluster, step, options));
    const [defect] = cluster.errors;
    if (defect !== undefined) throw defect.error;
    return { steps, before, after: await look(cluster) };
  } finally {
    cluster.stop();
  }
}

async function tryStep(
  cluster: PrivateCluster,
  step: WhatIfStep,
  { withinMs, launches }: WhatIfOptions,
): Promise<StepResult> {
  const before = await look(cluster);
  const watched = new LastChange(cluster);
  const quietMs = await quietTime(cluster);
  const extra = await perform(cluster, step, before, { withinMs, drafts: launches.get(step) ?? [] });
  await cluster.clock.runUntil(() => watched.quietForMs >= quietMs, withinMs);
  watched.end();
  const after = await look(cluster);
  return {
    step: stepText(step),
    settledMs: watched.atMs,
    settled: watched.quietForMs >= quietMs,
    ...difference(before.pods, after.pods),
    ...extra,
  };
}

type Look = WhatIfResult["before"];

async function perform(
  cluster: PrivateCluster,
  step: WhatIfStep,
  there: Look,
  { withinMs, drafts }: { withinMs: number; drafts: readonly { kind: Kind; draft: Draft<KubeObject> }[] },
): Promise<{ drained?: Drained; fromScratch?: FromScratch }> {
  const { objects } = cluster;
  switch (step.do) {
    case "drain":
      return { drained: await drain(cluster, chosen(there.nodes, step.targets), withinMs) };
    case "remove":
      for (const name of chosen(there.nodes, step.targets)) await objects.delete(nodes, { name });
      return {};
    case "crash":
      for (const name of chosen(there.nodes, step.targets)) await objects.create(nodeFaults, crashOf(name));
      return {};
    case "add":
      await addNodes(cluster, step, there);
      return {};
    case "strategy":
      return switchStrategy(cluster, step.name, there);
    case "launch-pods":
      for (const name of freeNames("pod", step.count, there.pods)) {
        await objects.create(pods, podDraft(name, step.shape));
      }
      return {};
    case "launch-files":
      for (const { kind, draft } of drafts) await objects.create(kind, draft);
      return {};
  }
}

async function addNodes(
  { objects }: PrivateCluster,
  { count, shape, zone }: Extract<WhatIfStep, { do: "add" }>,
  there: Look,
): Promise<void> {
  for (const name of freeNames("node", count, there.nodes)) {
    const draft = nodeDraft(name, shape);
    const labels = { ...draft.metadata.labels, ...(zone !== undefined && { [Label.zone]: zone }) };
    await objects.create(nodes, { ...draft, metadata: { ...draft.metadata, labels } });
  }
}

async function switchStrategy(
  { objects, clock }: PrivateCluster,
  strategy: string,
  there: Look,
): Promise<{ fromScratch: FromScratch }> {
  const key = { name: CLUSTER_SETTINGS_NAME };
  await modify(objects, clusterSettings, key, (settings) => ({
    ...settings,
    spec: { ...settings.spec, strategy },
  }));
  await clock.settle();
  const { spec, status } = await objects.get(clusterSettings, key);
  if (status !== undefined) throw new WhatIfError(status.message, "See them with: kubesim strategy list", 2);
  return { fromScratch: await placeFromScratch(spec, there) };
}

function crashOf(nodeName: string) {
  return {
    apiVersion: "kubesim.dev/v1alpha1",
    kind: "NodeFault",
    metadata: { name: `what-if-${nodeName}` },
    spec: { nodeName, fault: "node-crash", origin: "user" },
    status: {},
  };
}

function chosen(all: readonly Node[], targets: Targets): readonly string[] {
  const names = all.map(({ metadata }) => metadata.name);
  if ("zone" in targets) {
    const { zone } = targets;
    const inside = all.filter(({ metadata }) => metadata.labels?.[Label.zone] === zone);
    if (inside.length > 0) return inside.map(({ metadata }) => metadata.name);
    const zones = [...new Set(all.flatMap(({ metadata }) => metadata.labels?.[Label.zone] ?? []))];
    const hint = zones.length === 0 ? "No node has a zone" : `There are ${zones.join(", ")}`;
    throw new WhatIfError(`There is no node in zone "${zone}"`, hint);
  }
  for (const name of targets.names) {
    if (names.includes(name)) continue;
    const close = didYouMean(name, names);
    const hint = close === undefined ? "List them with: kubesim nodes list" : `Did you mean "${close}"?`;
    throw new WhatIfError(`Couldn't find node "${name}"`, hint);
  }
  return targets.names;
}

/** The next free ones of node-1, node-2, ... */
function freeNames(prefix: string, count: number, taken: readonly KubeObject[]): readonly string[] {
  const names = new Set(taken.map(({ metadata }) => metadata.name));
  const free: string[] = [];
  for (let number = 1; free.length < count; number++) {
    if (!names.has(`${prefix}-${number}`)) free.push(`${prefix}-${number}`);
  }
  return free;
}

async function look({ objects }: PrivateCluster): Promise<Look> {
  const [nodeList, podList] = [await objects.list(nodes), await objects.list(pods)];
  return { nodes: nodeList.items, pods: podList.items };
}

/** A crash shows only after the grace, and pods leave only when their toleration is over. */
async function quietTime({ objects }: PrivateCluster): Promise<number> {
  const settings: ClusterSettings = await objects.get(clusterSettings, { name: CLUSTER_SETTINGS_NAME });
  const { graceMs, checkMs, reschedulesBarePods } = timingProfileOf(settings);
  const tolerationMs = reschedulesBarePods ? 0 : 300_000;
  return Math.max(QUIET_MS, 2 * (graceMs + checkMs) + tolerationMs);
}

/** When a pod changed last, in virtual ms since the watching began. */
class LastChange {
  readonly #clock: PrivateCluster["clock"];
  readonly #startMs: number;
  readonly #leave: () => void;
  #lastMs: number;

  constructor({ clock, store }: PrivateCluster) {
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
    this.#lastMs = this.#startMs;
    this.#leave = store.watch("pods/", store.revision, () => {
      this.#lastMs = clock.monotonicMs();
    });
  }

  get atMs(): number {
    return this.#lastMs - this.#startMs;
  }

  get quietForMs(): number {
    return this.#clock.monotonicMs() - this.#lastMs;
  }

  end(): void {
    this.#leave();
  }
}
