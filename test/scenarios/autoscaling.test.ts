import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CustomKind } from "../../src/api/custom/custom-kind.ts";
import { VersionRules } from "../../src/api/custom/version-rules.ts";
import {
  customResourceDefinitions,
  type DefinedVersion,
} from "../../src/api/kinds/custom-resource-definition.ts";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { events } from "../../src/api/kinds/event.ts";
import {
  type AutoscalerSpec,
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalers,
} from "../../src/api/kinds/horizontal-pod-autoscaler.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { createDeployment, createReplicaSet, draftOf, find } from "./workloads.ts";

let cluster: ClusterUnderTest;

beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  for (const name of ["node-1", "node-2"]) await cluster.addNode(name);
  await cluster.clock.advance(1_000);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function deploy(replicas: number, usage: string, request = "100m"): Promise<void> {
  const requests = request === "" ? {} : { resources: { requests: { cpu: request } } };
  await createDeployment(
    cluster,
    "web",
    replicas,
    {},
    {
      annotations: { "kubesim.dev/usage-cpu": usage },
      spec: { containers: [{ name: "main", image: "x", ...requests }] },
    },
  );
  await cluster.clock.advance(2_000);
}

function autoscale(spec: Partial<AutoscalerSpec> = {}): Promise<HorizontalPodAutoscaler> {
  return cluster.objects.create(horizontalPodAutoscalers, {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "default" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
        },
      ],
      ...spec,
    },
    status: {},
  });
}

async function deploymentUses(usage: string): Promise<void> {
  const annotations = { "kubesim.dev/usage-cpu": usage };
  const patch = { spec: { template: { metadata: { annotations } } } };
  await cluster.objects.patch(deployments, { namespace: "default", name: "web" }, { type: "merge", patch });
}

async function replicas(): Promise<number | undefined> {
  return (await find(cluster, deployments, "web")).spec.replicas;
}

async function condition(type: string): Promise<string> {
  const { conditions } = (await find(cluster, horizontalPodAutoscalers, "web")).status;
  const found = conditions?.find((each) => each.type === type);
  return `${found?.status} ${found?.reason}`;
}

describe("an autoscaler", () => {
  it("goes up with the load at once, and down when it has been low for five minutes", async () => {
    await deploy(2, "total trace 0s=100m 10m=400m 20m=40m");
    await autoscale();
    await cluster.clock.advance(9 * 60_000);
    expect(await replicas()).toBe(2);
    expect(await condition("ScalingActive")).toBe("True ValidMetricFound");
    const steady = await find(cluster, horizontalPodAutoscalers, "web");
    expect(steady.status).toMatchObject({ currentReplicas: 2, desiredReplicas: 2 });
    expect(steady.status.currentMetrics?.[0]?.resource?.current).toEqual({
      averageUtilization: 50,
      averageValue: "50m",
    });
    await cluster.clock.advance(2 * 60_000);
    // 400m at 50m a pod; on the way there, measurements are rounded up to whole millis.
    const peak = (await replicas()) as number;
    expect([8, 9]).toContain(peak);
    await cluster.clock.advance(8 * 60_000);
    expect(await replicas()).toBe(peak);
    await cluster.clock.advance(4 * 60_000);
    expect(await replicas()).toBe(peak);
    expect(await condition("AbleToScale")).toBe("True ScaleDownStabilized");
    await cluster.clock.advance(3 * 60_000);
    expect(await replicas()).toBe(1);
    const messages = (await cluster.objects.list(events)).items
      .filter(({ reason }) => reason === "SuccessfulRescale")
      .map(({ message }) => message);
    const why = "cpu resource utilization (percentage of request) above target";
    expect(messages).toContain(`New size: ${peak}; reason: ${why}`);
    expect(messages).toContain("New size: 1; reason: All metrics below target");
  });

  it("doubles at most or adds four in 15 s, and stops at its maximum", async () => {
    await deploy(1, "1");
    await autoscale({ maxReplicas: 7 });
    await cluster.clock.advance(35_000);
    expect(await replicas()).toBe(5);
    expect(await condition("ScalingLimited")).toBe("True ScaleUpLimit");
    await cluster.clock.advance(60_000);
    expect(await replicas()).toBe(7);
    expect(await condition("ScalingLimited")).toBe("True TooManyReplicas");
  });

  it("keeps to its policies, and never down where that is disabled", async () => {
    await deploy(6, "1m");
    const policies = [{ type: "Pods", value: 1, periodSeconds: 60 }];
    await autoscale({ behavior: { scaleDown: { stabilizationWindowSeconds: 0, policies } } });
    await cluster.clock.advance(7 * 60_000);
    const after = (await replicas()) as number;
    expect(after).toBeLessThan(4);
    await cluster.clock.advance(60_000);
    expect(await replicas()).toBe(Math.max(1, after - 1));
  });

  it("leaves alone what is within a tenth of the target, and what is scaled to nothing", async () => {
    await deploy(2, "54m");
    await autoscale();
    await cluster.clock.advance(10 * 60_000);
    expect(await replicas()).toBe(2);
    await cluster.objects.patch(
      deployments,
      { namespace: "default", name: "web" },
      {
        type: "merge",
        patch: { spec: { replicas: 0 } },
      },
    );
    await cluster.clock.advance(30_000);
    expect(await replicas()).toBe(0);
    expect(await condition("ScalingActive")).toBe("False ScalingDisabled");
  });

  it("takes the tolerance of each way from its behaviour", async () => {
    const behave = (behavior: object) =>
      cluster.objects.patch(
        horizontalPodAutoscalers,
        { namespace: "default", name: "web" },
        { type: "merge", patch: { spec: { behavior } } },
      );
    await deploy(10, "42m");
    await autoscale({ behavior: { scaleDown: { tolerance: "0.2" } } });
    await cluster.clock.advance(10 * 60_000);
    expect(await replicas()).toBe(10);
    await behave({ scaleDown: { tolerance: "0.15" } });
    await cluster.clock.advance(6 * 60_000);
    expect(await replicas()).toBeLessThan(10);
    const before = (await replicas()) as number;
    await deploymentUses("54m");
    await behave({ scaleDown: { tolerance: "0.9" }, scaleUp: { tolerance: "50m" } });
    await cluster.clock.advance(6 * 60_000);
    expect(await replicas()).toBeGreaterThan(before);
  });

  it("brings what is outside its bounds back into them", async () => {
    await deploy(1, "1m");
    await autoscale({ minReplicas: 3 });
    await cluster.clock.advance(16_000);
    expect(await replicas()).toBe(3);
  });

  it("says what it misses: a request, a target, a metric nobody measures", async () => {
    await deploy(2, "1", "");
    await autoscale();
    await cluster.clock.advance(60_000);
    expect(await condition("ScalingActive")).toBe("False FailedGetResourceMetric");
    const { conditions } = (await find(cluster, horizontalPodAutoscalers, "web")).status;
    expect(conditions?.find(({ type }) => type === "ScalingActive")?.message).toMatch(
      /failed to get cpu utilization: missing request for cpu in container main of Pod web-/,
    );
    expect(await replicas()).toBe(2);
    await cluster.objects.delete(deployments, { namespace: "default", name: "web" });
    await cluster.clock.advance(16_000);
    expect(await condition("AbleToScale")).toBe("False FailedGetScale");
  });

  it("scales a custom kind by its /scale, once that says which pods are its own", async () => {
    const number = { type: "integer" };
    const fields = (properties: object) => ({ type: "object", properties });
    const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };
    const definition = await cluster.objects.create(
      customResourceDefinitions,
      draftOf(
        customResourceDefinitions,
        "fleets.sea.example.com",
        {
          group: "sea.example.com",
          scope: "Namespaced",
          names: { plural: "fleets", kind: "Fleet" },
          versions: [
            {
              name: "v1",
              served: true,
              storage: true,
              subresources: { status: {}, scale: { ...scale, labelSelectorPath: ".status.selector" } },
              schema: {
                openAPIV3Schema: fields({
                  spec: fields({ replicas: number }),
                  status: fields({ replicas: number, selector: { type: "string" } }),
                }),
              },
            },
          ],
        },
        { namespace: undefined },
      ),
    );
    const fleets = new CustomKind(
      new VersionRules(definition, definition.spec.versions[0] as DefinedVersion),
    );
    await cluster.objects.create(fleets, draftOf(fleets, "web", { replicas: 1 }));
    await createReplicaSet(cluster, "web", 1, { annotations: { "kubesim.dev/usage-cpu": "200m" } });
    await autoscale({ scaleTargetRef: { apiVersion: "sea.example.com/v1", kind: "Fleet", name: "web" } });
    await cluster.clock.advance(60_000);
    expect(await condition("ScalingActive")).toBe("False InvalidSelector");
    const patch = { type: "merge", patch: { status: { replicas: 1, selector: "app=web" } } } as const;
    const key = { namespace: "default", name: "web" };
    await cluster.objects.patch(fleets, key, patch, { subresource: "status" });
    await cluster.clock.advance(60_000);
    expect(await condition("ScalingActive")).toBe("True ValidMetricFound");
    expect(await find(cluster, fleets, "web")).toMatchObject({ spec: { replicas: 4 } });
  });
});
