import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
  loadAllYaml,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClusterUnderTest, eventually, startForClientNode } from "./cluster.ts";

const FOLDER = new URL("../../fixtures/operator/", import.meta.url);
const SHOP = {
  group: "demo.example.com",
  version: "v1",
  plural: "webapps",
  namespace: "default",
  name: "shop",
};
const MERGE = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

let cluster: ClusterUnderTest;
let operator: ChildProcess | undefined;
let custom: CustomObjectsApi;
let apps: AppsV1Api;
let core: CoreV1Api;

beforeAll(async () => {
  cluster = await startForClientNode();
  custom = cluster.config.makeApiClient(CustomObjectsApi);
  apps = cluster.config.makeApiClient(AppsV1Api);
  core = cluster.config.makeApiClient(CoreV1Api);
  await core.createNode({ body: NODE });
  await create("crd.yaml");
  await startOperator();
  await create("webapp.yaml");
});

afterAll(async () => {
  await stopOperator();
  await cluster.stop();
});

const RESOURCES = { cpu: "8", memory: "16Gi", pods: "110" };
const NODE = { metadata: { name: "node-1" }, status: { capacity: RESOURCES, allocatable: RESOURCES } };

async function create(file: string): Promise<void> {
  const objects = KubernetesObjectApi.makeApiClient(cluster.config);
  for (const object of loadAllYaml(readFileSync(new URL(file, FOLDER), "utf8"))) {
    await objects.create(object as never);
  }
}

async function startOperator(): Promise<void> {
  const environment = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  operator = spawn(process.execPath, [new URL("operator.mjs", FOLDER).pathname], {
    env: environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = (await once(operator.stdout as NonNullable<ChildProcess["stdout"]>, "data")) as [Buffer];
  expect(line.toString()).toContain("operator is up");
}

async function stopOperator(): Promise<void> {
  if (operator === undefined || operator.exitCode !== null) return;
  operator.kill("SIGKILL");
  await once(operator, "exit");
}

interface Status {
  readonly observedGeneration?: number;
  readonly readyReplicas?: number;
}

async function status(): Promise<Status> {
  const app = (await custom.getNamespacedCustomObject(SHOP)) as { readonly status?: Status };
  return app.status ?? {};
}

const deployment = () => apps.readNamespacedDeployment({ name: "shop", namespace: "default" });
const hosts = async () =>
  (await core.readNamespacedConfigMap({ name: "hosts", namespace: "default" })).data ?? {};
const scaleApp = (replicas: number) =>
  custom.patchNamespacedCustomObject({ ...SHOP, body: { spec: { replicas } } }, MERGE);

it("makes what a WebApp asks for and reports its status", async () => {
  await eventually(status, ({ readyReplicas }) => readyReplicas === 2);
  expect((await deployment()).metadata?.ownerReferences?.[0]).toMatchObject({ kind: "WebApp", name: "shop" });
  const service = await core.readNamespacedService({ name: "shop", namespace: "default" });
  expect(await hosts()).toEqual({ shop: service.spec?.clusterIP });
});

it("follows a change of the spec", async () => {
  await scaleApp(3);
  const { observedGeneration } = await eventually(status, ({ readyReplicas }) => readyReplicas === 3);
  expect(observedGeneration).toBe(2);
});

it("repairs what somebody else changed or deleted", async () => {
  const body = { spec: { replicas: 7 } };
  await apps.patchNamespacedDeployment({ name: "shop", namespace: "default", body }, MERGE);
  await eventually(deployment, ({ spec }) => spec?.replicas === 3);
  const { metadata } = await core.readNamespacedService({ name: "shop", namespace: "default" });
  await core.deleteNamespacedService({ name: "shop", namespace: "default" });
  const again = () => core.readNamespacedService({ name: "shop", namespace: "default" });
  await eventually(again, (service) => service.metadata?.uid !== metadata?.uid);
});

it("catches up after a restart of its own, and goes on after one of the server", async () => {
  await stopOperator();
  await scaleApp(1);
  await startOperator();
  await eventually(status, ({ readyReplicas }) => readyReplicas === 1);
  await cluster.restart();
  await scaleApp(2);
  await eventually(status, ({ readyReplicas }) => readyReplicas === 2);
});

it("cleans up through its finalizer", async () => {
  await custom.deleteNamespacedCustomObject(SHOP);
  await eventually(hosts, (entries) => Object.keys(entries).length === 0);
  const all = async () => (await apps.listNamespacedDeployment({ namespace: "default" })).items.length;
  await eventually(all, (count) => count === 0);
  await expect(custom.getNamespacedCustomObject(SHOP)).rejects.toMatchObject({ code: 404 });
});
