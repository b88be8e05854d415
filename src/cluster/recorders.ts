import type { Outlet } from "../server/answer.ts";
import { ClusterRecorder, type RecordedCluster } from "./cluster-recorder.ts";
import type { OutsideWrite } from "./recorded-objects.ts";

/** Everybody who records a cluster at the moment. */
export class Recorders {
  readonly #cluster: RecordedCluster;
  readonly #open = new Map<ClusterRecorder, Outlet>();

  constructor(cluster: RecordedCluster) {
    this.#cluster = cluster;
  }

  /** Records into a stream until its reader is gone. */
  start(outlet: Outlet): void {
    const recorder = new ClusterRecorder(this.#cluster, (line) => outlet.write(`${JSON.stringify(line)}\n`));
    this.#open.set(recorder, outlet);
    outlet.onClose(() => this.#end(recorder));
  }

  /** A write from outside has been carried out. */
  wrote(write: OutsideWrite): void {
    for (const recorder of this.#open.keys()) recorder.wrote(write);
  }

  /** Ends all of them; for a server that stops. */
  stop(): void {
    for (const [recorder, outlet] of this.#open) {
      this.#end(recorder);
      outlet.end();
    }
  }

  #end(recorder: ClusterRecorder): void {
    recorder.stop();
    this.#open.delete(recorder);
  }
}
