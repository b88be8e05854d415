import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { LmdbStore } from "../../src/store/lmdb.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";
import type { Store } from "../../src/store/store.ts";
import { describeObjects, type ObjectsUnderTest } from "../conformance/objects.ts";

describeObjects("StoredObjects over a MemoryStore", (options) =>
  objectsOver(new MemoryStore(options), async () => {}),
);

describeObjects("StoredObjects over an LmdbStore", async (options) => {
  const directory = mkdtempSync(join(tmpdir(), "kubesim-objects-"));
  const store = await LmdbStore.open(directory, options);
  return objectsOver(store, async () => rmSync(directory, { recursive: true, force: true }));
});

async function objectsOver(store: Store, remove: () => Promise<void>): Promise<ObjectsUnderTest> {
  const objects = new StoredObjects({
    store,
    clock: new VirtualClock(),
    random: createRandom("conformance"),
  });
  await bootstrap(objects);
  return {
    objects,
    close: async () => {
      await store.close();
      await remove();
    },
  };
}
