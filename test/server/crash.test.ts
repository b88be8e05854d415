import { describe, expect, it } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import { type Lease, leases } from "../../src/api/kinds/lease.ts";
import type { Draft } from "../../src/api/meta.ts";
import type { Objects } from "../../src/api/objects.ts";
import { createRandom } from "../../src/lib/random.ts";
import { until } from "../cli/scene.ts";
import { homes, objectsOf, recordOf } from "./home.ts";

const newHome = homes();
const ROUNDS = 4;
const WRITERS = 8;
/** A server is killed when it has acknowledged so many, with others under way. */
const WRITES = 100;

/** What the acknowledged writes came to: name -> resourceVersion, or undefined once the deletion was acknowledged. */
type Model = Map<string, string | undefined>;

const lease = (name: string, holderIdentity: string) =>
  ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "default" },
    spec: { holderIdentity },
  }) as Draft<Lease>;

/** Creates, changes and deletes leases of its own until the connection breaks. Notes a name before its fate is open. */
async function write(objects: Objects, writer: string, model: Model, open: Set<string>): Promise<void> {
  const random = createRandom(writer);
  for (let turn = 0; ; turn++) {
    const name = `${writer}-${turn}`;
    open.add(name);
    const created = await objects.create(leases, lease(name, "one"));
    model.set(name, created.metadata.resourceVersion);
    if (random.chance(0.5)) {
      const changed = { ...created, spec: { ...created.spec, holderIdentity: "two" } };
      model.set(name, (await objects.update(leases, changed)).metadata.resourceVersion);
    }
    if (random.chance(0.3)) {
      await objects.delete(leases, { namespace: "default", name });
      model.set(name, undefined);
    }
    open.delete(name);
  }
}

describe("kill -9", () => {
  it(`loses no acknowledged write, over ${ROUNDS} kills under ${WRITERS} writers`, async () => {
    const home = newHome();
    const model: Model = new Map();
    const open = new Set<string>();
    let lastVersion = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await home.succeed(["server", "start"]);
      const { objects, close } = await objectsOf(home);
      const list = await objects.list(leases, { namespace: "default" });
      expect(Number(list.resourceVersion)).toBeGreaterThanOrEqual(lastVersion);
      lastVersion = Number(list.resourceVersion);
      const found = new Map(list.items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
      for (const [name, version] of model) {
        if (!open.has(name)) expect([name, found.get(name)]).toEqual([name, version]);
      }
      for (const name of found.keys()) expect(model.has(name) || open.has(name)).toBe(true);
      const writers = Array.from({ length: WRITERS }, (_, index) =>
        write(objects, `r${round}w${index}`, model, open).catch((error: unknown) => {
          if (!isReason(error, "ServiceUnavailable")) throw error;
        }),
      );
      const enough = model.size + WRITES;
      await until(async () => model.size > enough);
      process.kill(recordOf(home).pid, "SIGKILL");
      await Promise.all(writers);
      await close();
    }
    const acknowledged = [...model.keys()].filter((name) => !open.has(name));
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * WRITES - ROUNDS * WRITERS);
  });
});
