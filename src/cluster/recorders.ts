import { processTurn } from "../clock/virtual.ts";
import type { RecordingLine, SchedulerLifeLine } from "../recording/line.ts";
import { ObservedScheduler } from "../recording/scheduler/observed-scheduler.ts";
import type { Outlet } from "../server/answer.ts";
import { selectionPrefix } from "../store/keys.ts";
import { ClusterRecorder, type RecordedCluster } from "./cluster-recorder.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { OutsideWrite } from "./recorded-objects.ts";

/** Whatever else it may listen to. */
const NEVER_TOLD = ["events/", "secrets/"];

type RecordableCluster = RecordedCluster & Pick<ControlPlane, "objects" | "restartScheduler">;

/** Everybody who records a cluster at the moment. */
export class Recorders {
  readonly #cluster: RecordableCluster;
  readonly #open = new Map<ClusterRecorder, Outlet>();
  /** Resolves when everybody who asked so far has begun. */
  #begun: Promise<void> = Promise.resolve();
  #isStopped = false;
  #observed: ObservedScheduler | undefined;
  /** Prefixes of what the scheduler is told of; undefined until it has begun to listen. */
  #told: readonly string[] | undefined;

  constructor(cluster: RecordableCluster) {
    this.#cluster = cluster;
  }

  /** Records into a stream until its reader is gone. */
  start(outlet: Outlet): void {
    let isGone = false;
    outlet.onClose(() => {
      isGone = true;
    });
    this.#begun = this.#begun.then(async () => {
      if (!isGone) await this.#begin(outlet);
    });
  }

  /** A write from outside has been carried out. */
  wrote(write: OutsideWrite): void {
    for (const recorder of this.#open.keys()) recorder.wrote(write);
  }

  /** Ends all of them; for a server that stops. */
  stop(): void {
    this.#isStopped = true;
    for (const [recorder, outlet] of this.#open) {
      this.#end(recorder);
      outlet.end();
    }
  }

  /**
   * A scheduler that begins together with the recording has nothing in mind that the recording does not know. All of
   * that happens in one turn of the process, so that nothing comes between.
   */
  async #begin(outlet: Outlet): Promise<void> {
    await processTurn();
    if (this.#isStopped) return outlet.end();
    this.#told = undefined;
    const write = (line: RecordingLine) => void outlet.write(`${JSON.stringify(line)}\n`);
    const recorder = new ClusterRecorder(this.#cluster, write, (key) => this.#isTold(key));
    this.#open.set(recorder, outlet);
    outlet.onClose(() => this.#end(recorder));
    const chance = `recorded from revision ${this.#cluster.store.revision}`;
    const tell = (line: SchedulerLifeLine) => {
      for (const open of this.#open.keys()) open.scheduler(line);
    };
    const isObserved = () => this.#open.size > 0;
    const { objects, clock } = this.#cluster;
    const observed = new ObservedScheduler({ objects, clock, chance, tell, isObserved });
    this.#observed?.retire();
    this.#observed = observed;
    await this.#cluster.restartScheduler(chance, observed);
    this.#told = [...observed.objects.watched].map((kind) => selectionPrefix(kind, undefined));
  }

  /** The scheduler is told when this object changes. */
  #isTold(key: string): boolean {
    if (this.#told === undefined) return !NEVER_TOLD.some((prefix) => key.startsWith(prefix));
    return this.#told.some((prefix) => key.startsWith(prefix));
  }

  #end(recorder: ClusterRecorder): void {
    recorder.stop();
    this.#open.delete(recorder);
  }
}
