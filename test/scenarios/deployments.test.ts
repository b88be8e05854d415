import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { isFinished, pods } from "../../src/api/kinds/pod.ts";
import { type ReplicaSet, replicaSets } from "../../src/api/kinds/replica-set.ts";
import { keyOf } from "../../src/api/meta.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { createDeployment, find, livePods, patch, templateOf } from "./workloads.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(3);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const REVISION = "deployment.kubernetes.io/revision";

async function sets(): Promise<readonly ReplicaSet[]> {
  const { items } = await cluster.objects.list(replicaSets);
  const number = ({ metadata }: ReplicaSet) => Number(metadata.annotations?.[REVISION]);
  return [...items].sort((a, b) => number(a) - number(b));
}

async function sizes(): Promise<readonly (readonly [string | undefined, number])[]> {
  return (await sets()).map(({ metadata, spec }) => [metadata.annotations?.[REVISION], spec.replicas]);
}

const web = () => find(cluster, deployments, "web");
const setImage = (image: string) =>
  patch(cluster, deployments, "web", { spec: { template: templateOf("web", { image }) } });

async function progress() {
  const condition = (await web()).status.conditions?.find(({ type }) => type === "Progressing");
  return [condition?.status, condition?.reason, condition?.message];
}

describe("a Deployment", () => {
  it("makes a ReplicaSet named after its template, and says how far it is", async () => {
    await createDeployment(cluster, "web", 3);
    await cluster.clock.advance(2_000);
    const [set] = await sets();
    const hash = set?.metadata.labels?.["pod-template-hash"] as string;
    expect(set?.metadata.name).toBe(`web-${hash}`);
    expect(set?.spec.selector).toEqual({ matchLabels: { app: "web", "pod-template-hash": hash } });
    expect(set?.metadata.annotations).toEqual({
      [REVISION]: "1",
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
    });
    const { status, metadata } = await web();
    expect(metadata.annotations).toEqual({ [REVISION]: "1" });
    const time = expect.stringMatching(/Z$/);
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      conditions: [
        {
          type: "Available",
          status: "True",
          reason: "MinimumReplicasAvailable",
          message: "Deployment has minimum availability.",
          lastUpdateTime: time,
          lastTransitionTime: time,
        },
        {
          type: "Progressing",
          status: "True",
          reason: "NewReplicaSetAvailable",
          message: `ReplicaSet "web-${hash}" has successfully progressed.`,
          lastUpdateTime: time,
          lastTransitionTime: time,
        },
      ],
    });
    const [event] = await cluster.events("ScalingReplicaSet");
    expect(event?.message).toBe(`Scaled up replica set web-${hash} from 0 to 3`);
  });

  it("never goes above its surge or below its availability while it rolls", async () => {
    const strategy = { rollingUpdate: { maxSurge: "30%", maxUnavailable: 1 } };
    await createDeployment(cluster, "web", 10, { strategy, minReadySeconds: 2 });
    await cluster.clock.advance(10_000);
    await setImage("web:2");
    let most = 0;
    let least = 10;
    for (let step = 0; step < 400; step++) {
      await cluster.clock.advance(50);
      const live = await livePods(cluster);
      most = Math.max(most, live.length);
      least = Math.min(least, (await web()).status.availableReplicas ?? 0);
    }
    expect([most, least]).toEqual([13, 9]);
    expect(await sizes()).toEqual([
      ["1", 0],
      ["2", 10],
    ]);
    const images = (await livePods(cluster)).map(({ spec }) => spec.containers[0]?.image);
    expect(new Set(images)).toEqual(new Set(["web:2"]));
    expect((await progress()).slice(0, 2)).toEqual(["True", "NewReplicaSetAvailable"]);
  });

  it("with strategy Recreate has no pod of the new template before the last old one is gone", async () => {
    await createDeployment(cluster, "web", 3, { strategy: { type: "Recreate" } });
    await cluster.clock.advance(2_000);
    await setImage("web:2");
    let mixed = 0;
    let updated = 0;
    for (let step = 0; step < 200; step++) {
      await cluster.clock.advance(20);
      const images = (await cluster.pods()).filter((pod) => !isFinished(pod)).map(imageOf);
      if (new Set(images).size > 1) mixed++;
      updated = images.filter((image) => image === "web:2").length;
    }
    expect([mixed, updated]).toEqual([0, 3]);
  });

  it("goes back to an earlier template in its old ReplicaSet, under a new revision", async () => {
    await createDeployment(cluster, "web", 2);
    await cluster.clock.advance(3_000);
    const [first] = await sets();
    await setImage("web:2");
    await cluster.clock.advance(5_000);
    await setImage("web:1");
    await cluster.clock.advance(5_000);
    expect(await sizes()).toEqual([
      ["2", 0],
      ["3", 2],
    ]);
    const [, back] = await sets();
    expect(back?.metadata.uid).toBe(first?.metadata.uid);
    expect(back?.metadata.annotations?.["deployment.kubernetes.io/revision-history"]).toBe("1");
    expect((await web()).metadata.annotations?.[REVISION]).toBe("3");
  });

  it("keeps no more old ReplicaSets than its history limit", async () => {
    await createDeployment(cluster, "web", 1, { revisionHistoryLimit: 2 });
    for (let image = 2; image <= 6; image++) {
      await cluster.clock.advance(5_000);
      await setImage(`web:${image}`);
    }
    await cluster.clock.advance(5_000);
    expect((await sizes()).map(([revision]) => revision)).toEqual(["4", "5", "6"]);
  });

  it("does not roll while it is paused, but scales", async () => {
    await createDeployment(cluster, "web", 2);
    await cluster.clock.advance(3_000);
    await patch(cluster, deployments, "web", { spec: { paused: true } });
    await setImage("web:2");
    await patch(cluster, deployments, "web", { spec: { replicas: 4 } });
    await cluster.clock.advance(3_000);
    expect(await sizes()).toEqual([["1", 4]]);
    expect(await progress()).toEqual(["Unknown", "DeploymentPaused", "Deployment is paused"]);
    await patch(cluster, deployments, "web", { spec: { paused: false } });
    await cluster.clock.advance(5_000);
    expect(await sizes()).toEqual([
      ["1", 0],
      ["2", 4],
    ]);
  });

  it("spreads a change of scale over both templates of a rollout that is stuck", async () => {
    const strategy = { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
    await createDeployment(cluster, "web", 10, { strategy });
    await cluster.clock.advance(3_000);
    await patch(cluster, deployments, "web", {
      spec: { template: templateOf("web", { image: "web:2", cpu: "64" }) },
    });
    await cluster.clock.advance(3_000);
    expect((await sizes()).map(([, size]) => size)).toEqual([8, 5]);
    await patch(cluster, deployments, "web", { spec: { replicas: 15 } });
    await cluster.clock.advance(3_000);
    expect((await sizes()).map(([, size]) => size)).toEqual([11, 7]);
  });

  it("says after its deadline that it does not progress, and when it does again", async () => {
    await createDeployment(cluster, "web", 2, { progressDeadlineSeconds: 30 }, { cpu: "64" });
    await cluster.clock.advance(25_000);
    expect((await progress()).slice(0, 2)).toEqual(["True", "ReplicaSetUpdated"]);
    await cluster.clock.advance(10_000);
    const [set] = await sets();
    const late = `ReplicaSet "${set?.metadata.name}" has timed out progressing.`;
    expect(await progress()).toEqual(["False", "ProgressDeadlineExceeded", late]);
    await cluster.addNode("large", { cpu: "256" });
    await cluster.clock.advance(10_000);
    expect((await progress()).slice(0, 2)).toEqual(["True", "NewReplicaSetAvailable"]);
  });

  it("takes its ReplicaSets and pods along when it is deleted", async () => {
    await createDeployment(cluster, "web", 3);
    await cluster.clock.advance(3_000);
    await cluster.objects.delete(deployments, keyOf(await web()));
    await cluster.clock.advance(40_000);
    expect(await sets()).toEqual([]);
    expect((await cluster.objects.list(pods)).items).toEqual([]);
  });
});

function imageOf({
  spec,
}: {
  readonly spec: { readonly containers: readonly { readonly image?: string }[] };
}) {
  return spec.containers[0]?.image;
}
