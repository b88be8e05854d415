import { randomBytes } from "node:crypto";
import { CLUSTER_TIME_HEADER } from "../api/cluster-time-header.ts";
import type { ClusterSettings } from "../api/kinds/cluster-settings.ts";
import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import { HeldClock } from "../clock/held.ts";
import { RealClock } from "../clock/real.ts";
import { createRandom } from "../lib/random.ts";
import { createTokenKey, tokenSigner } from "../server/authentication/token-signer.ts";
import { createHandler, type Handler } from "../server/handler.ts";
import { type Listening, listen } from "../server/listen.ts";
import type { HandlerOptions } from "../server/parts.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/store.ts";
import { WriteBehind } from "../store/write-behind.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { loadStrategyWithinTime } from "./custom-strategy.ts";
import { HeldObjects } from "./held-objects.ts";
import { LateHandler } from "./late-handler.ts";
import { type Log, SILENT_LOG } from "./log.ts";
import { RecordedObjects } from "./recorded-objects.ts";
import { Recorders } from "./recorders.ts";

export interface ClusterOptions {
  /** Where state is kept: `lmdb` needs a directory, `memory` forgets. */
  readonly store: { readonly kind: "memory" } | { readonly kind: "lmdb"; readonly directory: string };
  /** How to be reached over HTTPS; absent: only in this process, through `objects` and `handler`. */
  readonly listen?: ClusterDoor;
  /** PEM of the key that signs tokens of service accounts; made for this run unless given. */
  readonly tokenKey?: string;
  /** The machine's own clock unless given. */
  readonly clock?: Clock;
  /**
   * A clock that stands still until it is told to go on, in place of the machine's. It begins at `startMs` (since the
   * epoch); a store that was virtual before stays so and goes on where it stood, whatever is said here.
   */
  readonly virtual?: { readonly startMs?: number } | undefined;
  /** Settings of a new cluster: strategy, timing profile, seed (drawn when not given). */
  readonly settings?: Partial<ClusterSettings["spec"]>;
  /** kubesim's version, as `/version` shows it. */
  readonly version: string;
  readonly log?: Log;
}

/** Port (0: any free one), bearer token and PEM files of the HTTPS server. */
export interface ClusterDoor {
  readonly port: number;
  /** Takes any free port when that one is taken. */
  readonly orAnyPort?: boolean;
  readonly token: string;
  readonly tls: { readonly cert: string; readonly key: string; readonly caCert?: string };
  /** Called when clients may come; what they ask is answered once all parts have started. */
  readonly opened?: (listening: Listening) => Promise<void>;
}

export interface RunningCluster {
  readonly objects: Objects;
  readonly clock: Clock;
  /** The HTTP face, for use in memory (see server/fetch.ts). */
  readonly handler: Handler;
  /** Undefined when it does not listen. */
  readonly listening: Listening | undefined;
  /** Ends watches, lets requests in flight end, stops all parts, makes everything durable, closes the store. */
  stop(): Promise<void>;
}

/**
 * The composition root: a whole cluster on one clock.
 * Fails with the system's error when the port is taken, and with the store's when its files cannot be used.
 */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const { log = SILENT_LOG, settings = {} } = options;
  const { store, clock } = await openStore(options);
  let stopParts = () => {};
  const late = new LateHandler((error) =>
    log.error("a request failed for a reason of the server's own", error),
  );
  let listening: Listening | undefined;
  const openDoor = async (door: ClusterDoor) => {
    listening = await listen(late, door);
    await door.opened?.(listening);
  };
  try {
    const seed = settings.seed ?? randomBytes(4).readUInt32BE().toString();
    const tokens = tokenSigner(options.tokenKey ?? createTokenKey());
    const controlPlane = await startControlPlane({
      store,
      clock,
      settings: { ...settings, seed },
      loadStrategy: loadStrategyWithinTime,
      rootCertificate: options.listen?.tls.caCert,
      tokens,
      onError: (part, error) => log.error(`${part} failed and goes on`, error),
      opened: options.listen && (() => openDoor(options.listen as ClusterDoor)),
    });
    stopParts = () => controlPlane.stop();
    const { objects, handler, recorders } = faceOf(controlPlane, {
      store,
      clock,
      random: createRandom(seed).stream("server"),
      version: options.version,
      token: options.listen?.token,
      tokens,
      onError: late.onError,
    });
    late.give(handler);
    const time = clock instanceof HeldClock ? "virtual" : "real";
    const { revision } = store;
    log.info("cluster is up", { store: options.store.kind, time, url: listening?.url, revision });
    const stop = async () => {
      handler.endWatches();
      recorders.stop();
      await listening?.close();
      if (clock instanceof HeldClock) await clock.hold();
      stopParts();
      await store.close();
      log.info("cluster is down", { revision: store.revision });
    };
    return { objects, clock, handler, listening, stop };
  } catch (error) {
    await listening?.close(0);
    stopParts();
    await store.close();
    throw error;
  }
}

type FaceOptions = Opened & Pick<HandlerOptions, "random" | "version" | "token" | "tokens" | "onError">;

/** What the world sees of a cluster, and what records it. */
function faceOf(controlPlane: ControlPlane, { store, ...options }: FaceOptions) {
  const { clock } = options;
  const recorders = new Recorders({ ...controlPlane, store, clock });
  const door = new RecordedObjects(controlPlane.objects, (write) => recorders.wrote(write));
  const objects = outsideOf(door, clock, store);
  const handler = createHandler({
    ...options,
    objects,
    kubelets: controlPlane.kubelets,
    kinds: controlPlane.kinds,
    metrics: () => controlPlane.metrics(),
    wireClock: clock instanceof HeldClock ? new RealClock() : clock,
    record: (outlet) => recorders.start(outlet),
  });
  return { objects, handler: withTime(clock, handler), recorders };
}

/** A virtual cluster says in every answer what time it is there. */
function withTime(clock: Clock, handler: Handler): Handler {
  if (!(clock instanceof HeldClock)) return handler;
  const time = () => new Date(clock.now()).toISOString();
  return {
    onError: handler.onError,
    upgrade: (request) => handler.upgrade(request),
    endWatches: () => handler.endWatches(),
    get openWatches() {
      return handler.openWatches;
    },
    async handle(request) {
      const answer = await handler.handle(request);
      return { ...answer, headers: [...answer.headers, CLUSTER_TIME_HEADER, time()] };
    },
  };
}

/** How everybody but the cluster's own parts reaches its objects. */
function outsideOf(objects: Objects, clock: Clock, store: Store): Objects {
  return clock instanceof HeldClock ? new HeldObjects(objects, clock, () => store.flush()) : objects;
}

type Opened = { readonly store: Store; readonly clock: Clock };

async function openStore({ store: choice, virtual, clock }: ClusterOptions): Promise<Opened> {
  const own = clock ?? new RealClock();
  if (choice.kind === "memory") {
    return { store: new MemoryStore(), clock: virtual === undefined ? own : new HeldClock(virtual) };
  }
  // The database is native code; a cluster in memory never loads it.
  const { LmdbStore } = await import("../store/lmdb.ts");
  let held: HeldClock | undefined;
  const keep = () => held && { virtualTime: { startMs: held.startMs, elapsedMs: held.monotonicMs() } };
  const lmdb = await LmdbStore.open(choice.directory, { keep });
  const kept = (lmdb.kept as ReturnType<typeof keep>)?.virtualTime;
  if (virtual === undefined && kept === undefined) return { store: lmdb, clock: own };
  const store = new WriteBehind(lmdb);
  // Time does not go back in a cluster that has lived in real time so far.
  const start = lmdb.revision > 0 ? { startMs: own.now() } : virtual;
  held = new HeldClock({ ...(kept ?? start), sink: store });
  return { store, clock: held };
}
