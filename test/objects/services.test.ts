import { beforeEach, describe, expect, it } from "vitest";
import { type Service, type ServiceSpec, services } from "../../src/api/kinds/service.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";

let objects: StoredObjects;

beforeEach(async () => {
  const random = createRandom("services");
  objects = new StoredObjects({ store: new MemoryStore(), clock: new VirtualClock(), random });
  await bootstrap(objects);
});

function create(name: string, spec: object = {}): Promise<Service> {
  return objects.create<Service>(services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { ports: [{ port: 80 }], ...spec } as unknown as ServiceSpec,
    status: {},
  });
}

describe("addresses of services", () => {
  it("are each given to one service only", async () => {
    const all = [];
    for (let index = 0; index < 300; index++) all.push(await create(`s-${index}`, { type: "NodePort" }));
    expect(new Set(all.map(({ spec }) => spec.clusterIP)).size).toBe(300);
    expect(new Set(all.map(({ spec }) => spec.ports?.[0]?.nodePort)).size).toBe(300);
    for (const { spec } of all) {
      expect(spec.clusterIP).toMatch(/^10\.96\./);
      expect(spec.clusterIPs).toEqual([spec.clusterIP]);
    }
  });

  it("can be asked for, but not twice and not outside of the range", async () => {
    await create("first", { clusterIP: "10.96.0.10" });
    await expect(create("second", { clusterIP: "10.96.0.10" })).rejects.toThrow(
      "failed to allocate IP 10.96.0.10: provided IP is already allocated",
    );
    await expect(create("third", { clusterIP: "10.0.0.10" })).rejects.toThrow(
      "is not in the valid range. The range of valid IPs is 10.96.0.0/16",
    );
    const asked = (nodePort: number) => ({ type: "NodePort", ports: [{ port: 80, nodePort }] });
    await create("fourth", asked(30_080));
    await expect(create("fifth", asked(30_080))).rejects.toThrow(
      "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
    );
    await expect(create("sixth", asked(80))).rejects.toThrow("The range of valid ports is 30000-32767");
  });

  it("stay when a service is written without them, and go when it turns into a name", async () => {
    const made = await create("web");
    const { clusterIP: _one, clusterIPs: _all, ...bare } = made.spec;
    const again = await objects.update<Service>(services, { ...made, spec: { ...bare, type: "NodePort" } });
    expect(again.spec.clusterIP).toBe(made.spec.clusterIP);
    expect(again.spec.ports?.[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    const inside = await objects.update<Service>(services, {
      ...again,
      spec: { ...again.spec, type: "ClusterIP" },
    });
    expect(inside.spec.ports?.[0]).not.toHaveProperty("nodePort");
    const named = { ...inside.spec, type: "ExternalName", externalName: "a.b" } as const;
    const name = await objects.update<Service>(services, { ...inside, spec: named });
    expect(name.spec.clusterIP).toBeUndefined();
  });

  it("are not given to headless ones", async () => {
    expect((await create("headless", { clusterIP: "None" })).spec.clusterIPs).toEqual(["None"]);
  });
});
