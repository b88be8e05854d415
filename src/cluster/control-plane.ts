import type { RunningAgent, RunningPod } from "../agents/agent.ts";
import { AGENTS } from "../agents/registry.ts";
import type { ContainerAccess } from "../api/container-access.ts";
import { LiveKinds } from "../api/custom/live-kinds.ts";
import type { ClusterSettings } from "../api/kinds/cluster-settings.ts";
import { LocalCopies } from "../api/local-copies.ts";
import type { Objects } from "../api/objects.ts";
import { KINDS } from "../api/registry.ts";
import type { ServedKinds } from "../api/served-kinds.ts";
import type { TokenSigner } from "../api/token-signer.ts";
import type { Clock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual.ts";
import { CONTROLLERS } from "../controllers/registry.ts";
import { startControllers } from "../controllers/start.ts";
import { createRandom } from "../lib/random.ts";
import type { ObservedScheduler } from "../recording/scheduler/observed-scheduler.ts";
import type { LoadStrategy } from "../scheduler/strategy-in-force.ts";
import type { Metric } from "../server/metrics-text.ts";
import { bootstrap } from "../store/bootstrap.ts";
import { lookupIn } from "../store/lookup.ts";
import { StoredObjects } from "../store/objects.ts";
import { settingsIn } from "../store/settings.ts";
import type { Store } from "../store/store.ts";
import { ClusterClocks } from "./cluster-clock.ts";
import { loadStrategyModule } from "./custom-strategy.ts";
import { ComputedNodeMetrics, ComputedPodMetrics, UsageReaders } from "./metrics.ts";
import { SchedulerSeat } from "./scheduler-seat.ts";
import { withinTime } from "./within-time.ts";

export interface ControlPlaneOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** For a new cluster only; one that is there keeps its own settings. */
  readonly settings: Partial<ClusterSettings["spec"]>;
  /** Name of the queue discipline; Kubernetes' own when absent. */
  readonly discipline?: string | undefined;
  /** False: Kubernetes Events are not written, for simulations in which nobody would read them. Default true. */
  readonly writesEvents?: boolean | undefined;
  /** False: pods start without their ConfigMaps and Secrets, which simulations do not bring. Default true. */
  readonly checksReferences?: boolean | undefined;
  /** Loads a user's own strategy; absent: as it is, for a process in which nobody else waits. */
  readonly loadStrategy?: LoadStrategy | undefined;
  /** PEM of the authority behind the API server's certificate, for kube-root-ca.crt. */
  readonly rootCertificate?: string | undefined;
  /** Signs tokens of service accounts; absent: there are none. */
  readonly tokens?: TokenSigner | undefined;
  /** Name of the root stream of chance, for a cluster that lives another's life; its own unless given. */
  readonly chance?: string | undefined;
  /** Name of the scheduler's stream of chance below that; its own unless given. */
  readonly schedulerChance?: string | undefined;
  /** Told about what a part could not handle; the part goes on. */
  readonly onError: (part: string, error: unknown) => void;
  /** Called when what is stored has been read and found good; the parts start after it. */
  readonly opened?: (() => Promise<void>) | undefined;
}

/** Everything of a cluster but its door: objects, scheduler, controllers and agents on one clock. */
export interface ControlPlane {
  readonly objects: Objects;
  /** What is served: the kinds that are built in, and those of the cluster's definitions. */
  readonly kinds: ServedKinds;
  /** The truth about what the agents of this process run, whatever the API says. */
  runningPods(): readonly RunningPod[];
  /** What the kubelets of every agent do for clients. */
  readonly kubelets: readonly ContainerAccess[];
  /** Name of its root stream of chance below the seed. */
  readonly chance: string;
  /** What its parts have done, for `/metrics`. */
  metrics(): readonly Metric[];
  /**
   * Another scheduler takes the place of the one there is: it begins at once, from what is stored now, with a stream of
   * chance of this name, and sees the cluster through these doors.
   */
  restartScheduler(chance: string, doors: ObservedScheduler): Promise<void>;
  stop(): void;
}

/** Starts all parts over a store, new or not; ready when every part has read what there is. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { store, clock, settings, rootCertificate, tokens, onError, discipline, writesEvents } = options;
  const seed = store.revision === 0 ? settings.seed : settingsIn(store).spec.seed;
  // A restart must not draw the same names again.
  const { chance = `from revision ${store.revision}` } = options;
  const random = createRandom(seed ?? "").stream(chance);
  const seat = new SchedulerSeat();
  const usages = new UsageReaders();
  const lookup = lookupIn(store);
  const metrics = [
    new ComputedNodeMetrics(usages, clock, lookup),
    new ComputedPodMetrics(usages, clock, lookup),
  ];
  const computed = [seat, new ClusterClocks(clock, store), ...metrics];
  const objects = new StoredObjects({ store, clock, random, computed, tokens, writesEvents });
  await bootstrap(objects, settings);
  const kinds = new LiveKinds(KINDS, objects, clock);
  await kinds.start();
  // Not awaited when absent: virtual time counts turns.
  if (options.opened !== undefined) await options.opened();

  const copies = new LocalCopies(objects, clock);
  const contextFor = (part: string) => ({
    objects,
    clock,
    copies,
    kinds,
    random: random.stream(part),
    ...(rootCertificate !== undefined && { rootCertificate }),
    onError: (error: unknown) => onError(part, error),
  });
  await seat.start({
    ...contextFor("scheduler"),
    random: random.stream(options.schedulerChance ?? "scheduler"),
    loadStrategy: loaderFor(clock, options.loadStrategy ?? loadStrategyModule),
    withinTime,
    ...(discipline !== undefined && { discipline }),
  });
  const controllers = await startControllers(CONTROLLERS, contextFor);
  const agents: RunningAgent[] = [];
  // Loaded with the first shell: most clusters never see one.
  const openShells = async () => new (await import("../shells/shells.ts")).Shells(clock);
  for (const agent of AGENTS) {
    const context = { ...contextFor(`agent ${agent.name}`), openShells };
    agents.push(await agent.start({ ...context, checksReferences: options.checksReferences }));
  }
  for (const agent of agents) usages.all.push(agent.usage);
  return {
    objects,
    kubelets: agents.map((agent) => agent.containers),
    kinds,
    chance,
    metrics: () => seat.metrics(),
    runningPods: () => agents.flatMap((agent) => agent.pods()),
    restartScheduler: (name, doors) => seat.restart(random.stream(name), doors),
    stop: () => {
      for (const part of [...agents, controllers, seat, kinds]) part.stop();
    },
  };
}

/** Virtual time waits for a strategy to be loaded: how long that takes must not decide what is placed by it. */
function loaderFor(clock: Clock, load: LoadStrategy): LoadStrategy {
  return clock instanceof VirtualClock ? (source) => clock.waitFor(load(source)) : load;
}
