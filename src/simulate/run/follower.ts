import type { EventStream } from "../../chaos/event-stream.ts";
import { ChangeObserver } from "../../chaos/observe-changes.ts";
import type { FaultObserver } from "../../chaos/observe-faults.ts";
import type { Store } from "../../store/store.ts";

/** Turns every commit of a cluster into the events of its run, in the store's order. */
export class Follower {
  readonly faults: FaultObserver;
  readonly #stop: () => void;

  /** @param reschedules whether bare pods of a lost node are re-created under the timing in force */
  constructor(store: Store, stream: EventStream, reschedules: boolean) {
    const observer = new ChangeObserver(stream, reschedules);
    this.faults = observer.faults;
    this.#stop = store.watch("", store.revision, (changes) => {
      for (const { before, after } of changes) observer.changed(before, after);
    });
  }

  stop(): void {
    this.#stop();
  }
}
