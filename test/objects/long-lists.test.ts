import { expect, test } from "vitest";
import type { ApiError } from "../../src/api/errors.ts";
import { configMaps } from "../../src/api/kinds/config-map.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";

/** Goal: who reads a long list slowly can go on with what is there now, as clients of Kubernetes do. */
test("a list that is too old to go on says by which token it goes on in what is there now", async () => {
  const store = new MemoryStore({ historyLimit: 4 });
  const objects = new StoredObjects({ store, clock: new VirtualClock(), random: createRandom("1") });
  await bootstrap(objects);
  const create = (name: string) =>
    objects.create(configMaps, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "default" },
    });
  for (const name of ["a", "b", "d"]) await create(name);
  const page = (from?: string) =>
    objects.list(configMaps, { namespace: "default", limit: 1, ...(from && { continue: from }) });
  const first = await page();
  for (const name of ["c", "e", "f", "g", "h"]) await create(name);
  const late: ApiError = await page(first.continue).then(
    () => expect.unreachable(),
    (error) => error,
  );
  expect(late.reason).toBe("Expired");
  expect(late.message).toContain("or use the continue token in this response");
  const names: string[] = [];
  let from = late.toStatus().metadata.continue;
  expect(from).toBeDefined();
  for (; from !== undefined; ) {
    const next = await page(from);
    expect(Number(next.resourceVersion)).toBeGreaterThan(Number(first.resourceVersion));
    names.push(...next.items.map(({ metadata }) => metadata.name));
    from = next.continue;
  }
  expect(names).toEqual(["b", "c", "d", "e", "f", "g", "h"]);
});
