import { KINDS } from "../../src/api/registry.ts";
import { fixedKinds } from "../../src/api/served-kinds.ts";
import { RemoteObjects } from "../../src/client/remote-objects.ts";
import { Transport } from "../../src/client/transport.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { createHandler } from "../../src/server/handler.ts";
import { listen } from "../../src/server/listen.ts";
import { createTlsFiles } from "../../src/server/tls.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";
import { describeObjects } from "../conformance/objects.ts";

const TOKEN = "conformance-token";
const tls = await createTlsFiles(Date.now());

describeObjects("RemoteObjects over HTTPS", async (options) => {
  const clock = new VirtualClock();
  const random = createRandom("conformance");
  const objects = new StoredObjects({ store: new MemoryStore(options), clock, random });
  await bootstrap(objects);
  const failures: unknown[] = [];
  const handler = createHandler({
    objects,
    kinds: fixedKinds(KINDS),
    clock,
    random,
    version: "0.0.0",
    token: TOKEN,
    onError: (error) => failures.push(error),
  });
  const listening = await listen(handler, { port: 0, tls });
  const transport = new Transport({ url: listening.url, token: TOKEN, certificateAuthority: tls.caCert });
  return {
    objects: new RemoteObjects(transport),
    close: async () => {
      await transport.close();
      await listening.close();
      if (failures.length > 0) throw new AggregateError(failures, "the server met defects");
    },
  };
});
