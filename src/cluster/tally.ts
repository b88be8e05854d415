import type { Pod } from "../api/kinds/pod.ts";
import type { Change, Store } from "../store/store.ts";

/** Counts what happens in a store from its making to its end. */
export class Tally {
  /** Changes by resource: `pods`, `deployments.apps`. */
  readonly changes: Record<string, number> = {};
  /** What has become of pods. */
  readonly pods: Record<string, number> = {};
  readonly #leave: () => void;

  constructor(store: Store) {
    this.#leave = store.watch("", store.revision, (changes) => {
      for (const change of changes) this.#count(change);
    });
  }

  end(): void {
    this.#leave();
  }

  #count(change: Change): void {
    const resource = change.key.slice(0, change.key.indexOf("/"));
    this.changes[resource] = (this.changes[resource] ?? 0) + 1;
    if (resource !== "pods") return;
    for (const word of podWords(change.before as Pod | undefined, change.after as Pod | undefined)) {
      this.pods[word] = (this.pods[word] ?? 0) + 1;
    }
  }
}

const PHASE_WORDS: Readonly<Record<string, string>> = {
  Running: "started",
  Succeeded: "succeeded",
  Failed: "failed",
};

function podWords(before: Pod | undefined, after: Pod | undefined): string[] {
  if (after === undefined) return ["deleted"];
  const words = before === undefined ? ["created"] : [];
  if (after.spec.nodeName !== undefined && before?.spec.nodeName === undefined) words.push("scheduled");
  const word = PHASE_WORDS[after.status.phase];
  if (word !== undefined && after.status.phase !== before?.status.phase) words.push(word);
  return words;
}
