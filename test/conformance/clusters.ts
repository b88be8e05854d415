import { afterEach, describe, expect, it } from "vitest";
import type { Kind } from "../../src/api/kind.ts";
import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
} from "../../src/api/kinds/cluster-settings.ts";
import { isNodeReady, nodes } from "../../src/api/kinds/node.ts";
import { nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { modify } from "../../src/api/modify.ts";
import type { Objects } from "../../src/api/objects.ts";
import { nodeDraft, podDraft } from "../../src/simulate/drafts.ts";

/** A cluster that scenarios run on, whatever its time is. */
export interface ClusterForScenarios {
  readonly objects: Objects;
  /** Lets time go by until the condition holds; fails when it does not within 30 s of the cluster's time. */
  until(isSo: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

/** One suite over every kind of time: the same scenarios, with the same outcome. */
export function describeCluster(
  name: string,
  start: (settings: Partial<ClusterSettings["spec"]>) => Promise<ClusterForScenarios>,
): void {
  describe(`a cluster in ${name}`, () => {
    let cluster: ClusterForScenarios;
    afterEach(() => cluster.stop());

    /** `count` nodes of two cores. */
    const begin = async (count: number, strategy = "first-fit") => {
      cluster = await start({ strategy, timingProfile: "fast", seed: "conformance" });
      for (let node = 1; node <= count; node++) {
        await cluster.objects.create(nodes, nodeDraft(`node-${node}`, { cpu: "2", memory: "4Gi" }));
      }
      await cluster.until(async () => (await cluster.objects.list(nodes)).items.every(isNodeReady));
    };
    const launch = async (count: number, from = 1, more: Partial<Pod["metadata"]> = {}) => {
      for (let pod = from; pod < from + count; pod++) {
        const draft = podDraft(`pod-${pod}`, { cpu: "1" });
        const spec = more.annotations ? { ...draft.spec, restartPolicy: "Never" as const } : draft.spec;
        await cluster.objects.create(pods, { ...draft, spec, metadata: { ...draft.metadata, ...more } });
      }
    };
    const all = async () => (await cluster.objects.list(pods)).items;
    const places = async () =>
      (await all()).map(({ metadata, spec }) => `${metadata.name} ${spec.nodeName ?? "-"}`);
    const phase = (wanted: string) => async () =>
      (await all()).every(({ status }) => status.phase === wanted);

    it("places pods by the strategy and starts them; what does not fit waits and says why", async () => {
      await begin(2);
      await launch(5);
      await cluster.until(
        async () => (await all()).filter(({ status }) => status.phase === "Running").length === 4,
      );
      expect(await places()).toEqual([
        "pod-1 node-1",
        "pod-2 node-1",
        "pod-3 node-2",
        "pod-4 node-2",
        "pod-5 -",
      ]);
      const waiting = (await all()).at(-1)?.status.conditions?.find(({ type }) => type === "PodScheduled");
      expect(waiting).toMatchObject({ status: "False", reason: "Unschedulable" });
      expect(waiting?.message).toContain("0/2 nodes are available: 2 Insufficient cpu.");
    });

    it("runs pods to completion, and gives their room to those that wait", async () => {
      await begin(1);
      await launch(4, 1, { annotations: { "kubesim.dev/duration": "1s" } });
      await cluster.until(phase("Succeeded"));
      expect(await places()).toEqual(["pod-1 node-1", "pod-2 node-1", "pod-3 node-1", "pod-4 node-1"]);
    });

    it("notices a crash, moves the pods in their order, and has the node back empty", async () => {
      await begin(3);
      await launch(3);
      await cluster.until(phase("Running"));
      await cluster.objects.create(nodeFaults, {
        apiVersion: "kubesim.dev/v1alpha1",
        kind: "NodeFault",
        metadata: { name: "crash" },
        spec: { nodeName: "node-1", fault: "node-crash", origin: "user" },
        status: {},
      });
      await cluster.until(async () => (await places()).every((place) => !/ (node-1|-)$/.test(place)));
      await cluster.until(phase("Running"));
      expect(await places()).toEqual(["pod-1 node-2", "pod-2 node-3", "pod-3 node-2"]);
      await cluster.objects.delete(nodeFaults, { name: "crash" });
      await cluster.until(async () => (await cluster.objects.list(nodes)).items.every(isNodeReady));
      await launch(2, 4);
      await cluster.until(phase("Running"));
      expect((await places()).slice(3)).toEqual(["pod-4 node-1", "pod-5 node-1"]);
    });

    it("takes another strategy for the next pod", async () => {
      await begin(3);
      await launch(1);
      await cluster.until(phase("Running"));
      await modify(cluster.objects, clusterSettings, { name: CLUSTER_SETTINGS_NAME }, (settings) => ({
        ...settings,
        spec: { ...settings.spec, strategy: "worst-fit" },
      }));
      await launch(2, 2);
      await cluster.until(phase("Running"));
      expect(await places()).toEqual(["pod-1 node-1", "pod-2 node-2", "pod-3 node-3"]);
    });

    it("empties a cordoned node by evictions", async () => {
      await begin(2);
      await launch(2);
      await cluster.until(phase("Running"));
      await modify(cluster.objects, nodes, { name: "node-1" }, (node) => ({
        ...node,
        spec: { ...node.spec, unschedulable: true },
      }));
      for (const { metadata } of await all()) {
        const { name, namespace = "default" } = metadata;
        const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
        await cluster.objects.act(pods as unknown as Kind, { name, namespace }, "eviction", eviction);
      }
      await cluster.until(async () => (await places()).every((place) => place.endsWith("node-2")));
      await cluster.until(phase("Running"));
      expect(await places()).toEqual(["pod-1 node-2", "pod-2 node-2"]);
    });
  });
}
