import { afterEach, expect, test } from "vitest";
import { type EndpointSlice, endpointSlices } from "../../src/api/kinds/endpoint-slice.ts";
import { type Endpoints, endpoints } from "../../src/api/kinds/endpoints.ts";
import { type Service, services } from "../../src/api/kinds/service.ts";
import { modify } from "../../src/api/modify.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const KEY = { namespace: "default", name: "db" };

async function slices(): Promise<readonly EndpointSlice[]> {
  await cluster.clock.advance(1_000);
  return (await cluster.objects.list<EndpointSlice>(endpointSlices, { namespace: "default" })).items.filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "db",
  );
}

async function createService(spec: object): Promise<void> {
  await cluster.objects.create<Service>(services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: KEY,
    spec: { ports: [{ port: 5432 }], ...spec },
  } as unknown as Service);
}

async function createEndpoints(metadata: object = {}): Promise<void> {
  await cluster.objects.create<Endpoints>(endpoints, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { ...KEY, labels: { tier: "data" }, ...metadata },
    subsets: [
      {
        addresses: [{ ip: "10.9.9.9" }, { ip: "fd00::9" }],
        notReadyAddresses: [{ ip: "10.9.9.8" }],
        ports: [{ name: "pg", port: 5432, protocol: "TCP" }],
      },
    ],
  } as unknown as Endpoints);
}

test("Endpoints written by hand for a service without a selector are said in slices, and followed", async () => {
  cluster = await ClusterUnderTest.start();
  await createService({});
  await createEndpoints();
  const made = await slices();
  expect(made).toHaveLength(2);
  const [v4, v6] = ["IPv4", "IPv6"].map((type) => made.find(({ addressType }) => addressType === type));
  expect(v4).toMatchObject({
    metadata: {
      labels: {
        tier: "data",
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
      },
      ownerReferences: [{ kind: "Endpoints", name: "db", controller: true }],
    },
    addressType: "IPv4",
    ports: [{ name: "pg", port: 5432, protocol: "TCP" }],
    endpoints: [
      { addresses: ["10.9.9.9"], conditions: { ready: true } },
      { addresses: ["10.9.9.8"], conditions: { ready: false } },
    ],
  });
  expect(v6).toMatchObject({ addressType: "IPv6", endpoints: [{ addresses: ["fd00::9"] }] });

  await modify(cluster.objects, endpoints, KEY, (all: Endpoints) => ({
    ...all,
    subsets: [{ addresses: [{ ip: "10.9.9.7" }], ports: [{ name: "pg", port: 5432, protocol: "TCP" }] }],
  }));
  const [only, ...others] = await slices();
  expect(others).toEqual([]);
  expect(only?.metadata.name).toBe(v4?.metadata.name);
  expect(only?.endpoints).toEqual([{ addresses: ["10.9.9.7"], conditions: { ready: true } }]);

  await cluster.objects.delete(endpointSlices, { namespace: "default", name: only?.metadata.name as string });
  expect(await slices()).toMatchObject([{ endpoints: [{ addresses: ["10.9.9.7"] }] }]);
  const before = cluster.store.revision;
  await cluster.clock.advance(60_000);
  expect(cluster.store.revision).toBe(before);

  await cluster.objects.delete(endpoints, KEY);
  expect(await slices()).toEqual([]);
  expect(await cluster.objects.get(endpoints, KEY).catch(() => "gone")).toBe("gone");
});

test("they are left alone where the service selects pods, or they say so; nothing is mirrored twice", async () => {
  cluster = await ClusterUnderTest.start();
  await createService({});
  await createEndpoints({ labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } });
  expect(await slices()).toEqual([]);
  await modify(cluster.objects, endpoints, KEY, (all: Endpoints) => ({
    ...all,
    metadata: { ...all.metadata, labels: {} },
  }));
  expect(await slices()).toHaveLength(2);
  await modify(cluster.objects, services, KEY, (service: Service) => ({
    ...service,
    spec: { ...service.spec, selector: { app: "db" } },
  }));
  const [own, ...others] = await slices();
  expect(others).toEqual([]);
  expect(own?.metadata.labels?.["endpointslice.kubernetes.io/managed-by"]).toBe(
    "endpointslice-controller.k8s.io",
  );
});
