import { beforeEach, describe, expect, it } from "vitest";
import type { InformerObserver } from "../../src/api/informer.ts";
import { configMaps } from "../../src/api/kinds/config-map.ts";
import { namespaces } from "../../src/api/kinds/namespace.ts";
import { LocalCopies } from "../../src/api/local-copies.ts";
import type { KubeObject } from "../../src/api/meta.ts";
import type { Objects } from "../../src/api/objects.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";

const clock = new VirtualClock();
let objects: Objects;
let copies: LocalCopies;
let lists: number;
let told: string[];

beforeEach(async () => {
  const stored = new StoredObjects({ store: new MemoryStore(), clock, random: createRandom("copies") });
  await stored.create(namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default" },
    spec: {},
    status: { phase: "Active" },
  });
  lists = 0;
  told = [];
  objects = new Proxy(stored, {
    get(target, name: keyof Objects) {
      if (name === "list") lists++;
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  copies = new LocalCopies(objects, clock);
});

function observer(name: string): InformerObserver<KubeObject> {
  const versionOf = (object?: KubeObject) =>
    (object as { data?: { at?: string } } | undefined)?.data?.at ?? "-";
  return {
    changed: (before, after) => {
      const { metadata } = (after ?? before) as KubeObject;
      told.push(`${name}: ${metadata.name} ${versionOf(before)} to ${versionOf(after)}`);
    },
    settled: () => told.push(`${name}: settled`),
  };
}

const key = (name: string) => ({ namespace: "default", name });

function write(name: string, at: string) {
  const draft = { apiVersion: "v1", kind: "ConfigMap", metadata: key(name), data: { at } };
  return objects.create(configMaps, draft);
}

describe("local copies", () => {
  it("are one list and one watch for all, who are told batch by batch in the order in which they started", async () => {
    await write("a", "1");
    const [first, second] = [observer("first"), observer("second")].map((each) =>
      copies.follow(configMaps, each),
    ) as [ReturnType<LocalCopies["follow"]>, ReturnType<LocalCopies["follow"]>];
    await second.start();
    expect(first.get(key("a"))).toBeUndefined();
    expect([...first.values()]).toEqual([]);
    await first.start();
    expect(lists).toBe(1);
    expect(told.splice(0)).toEqual([
      "second: a - to 1",
      "second: settled",
      "first: a - to 1",
      "first: settled",
    ]);

    const created = await objects.get(configMaps, key("a"));
    void objects.update(configMaps, { ...created, data: { at: "2" } });
    void write("b", "1");
    void objects.delete(configMaps, key("a"));
    await clock.settle();
    const batch = (name: string) =>
      ["a 1 to 2", "b - to 1", "a 2 to -", "settled"].map((what) => `${name}: ${what}`);
    expect(told.splice(0)).toEqual([...batch("second"), ...batch("first")]);
    expect([...first.values()].map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });

  it("can be asked by who is just being told of what is there", async () => {
    await write("a", "1");
    await copies.follow(configMaps, observer("early")).start();
    const seen: unknown[] = [];
    const late = copies.follow(configMaps, { changed: (_, after) => seen.push(after, late.get(key("a"))) });
    await late.start();
    const there = await objects.get(configMaps, key("a"));
    expect(seen).toEqual([there, there]);
  });

  it("go on for those who are left, and begin anew for who comes after the last has gone", async () => {
    const early = copies.follow(configMaps, observer("early"));
    const late = copies.follow(configMaps, observer("late"));
    await early.start();
    early.stop();
    await late.start();
    told.length = 0;
    await write("a", "1");
    await clock.settle();
    expect(told.splice(0)).toEqual(["late: a - to 1", "late: settled"]);

    late.stop();
    await write("b", "1");
    await clock.settle();
    expect(told).toEqual([]);
    const next = copies.follow(configMaps, observer("next"));
    await next.start();
    expect(lists).toBe(2);
    expect(told).toEqual(["next: a - to 1", "next: b - to 1", "next: settled"]);
  });
});
