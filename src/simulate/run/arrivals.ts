import type { Kind } from "../../api/kind.ts";
import { apiVersionOf } from "../../api/kind.ts";
import type { Objects } from "../../api/objects.ts";
import { KINDS } from "../../api/registry.ts";
import { Annotation } from "../../api/well-known.ts";
import { type Clock, Phase, type Timer } from "../../clock/clock.ts";
import type { Arrival } from "../prepared.ts";
import { draftOf } from "../sources/pod-of.ts";
import type { PodBook } from "./pod-book.ts";

const OWN = { trusted: true };
const FOREIGN = {};

/** So many objects are created in one turn; the rest of the instant's arrivals follow before its scheduling pass. */
const PER_TURN = 2_000;

/** Creates what arrives when it arrives, in the order given. */
export class ArrivalFeed {
  /** What has come is let go of: there may be a million. */
  readonly #arrivals: (Arrival | undefined)[];
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #book: PodBook;
  readonly #onError: (error: unknown) => void;
  #next = 0;
  #timer: Timer | undefined;

  /** @param arrivals by time */
  constructor(
    arrivals: readonly Arrival[],
    context: {
      readonly objects: Objects;
      readonly clock: Clock;
      readonly book: PodBook;
      readonly onError: (error: unknown) => void;
    },
  ) {
    this.#arrivals = [...arrivals];
    this.#objects = context.objects;
    this.#clock = context.clock;
    this.#book = context.book;
    this.#onError = context.onError;
  }

  get isDone(): boolean {
    return this.#next === this.#arrivals.length;
  }

  start(): void {
    this.#arm();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #arm(): void {
    const next = this.#arrivals[this.#next];
    if (next === undefined) return;
    const delayMs = Math.max(0, next.atMs - this.#clock.monotonicMs());
    this.#timer = this.#clock.after(delayMs, () => this.#bring(), Phase.arrival);
  }

  #bring(): void {
    const nowMs = this.#clock.monotonicMs();
    for (let count = 0; count < PER_TURN; count++) {
      const arrival = this.#arrivals[this.#next];
      if (arrival === undefined || arrival.atMs > nowMs) break;
      this.#arrivals[this.#next++] = undefined;
      this.#create(arrival, nowMs);
    }
    this.#arm();
  }

  #create(arrival: Arrival, nowMs: number): void {
    const draft = draftOf(arrival);
    const isOwn = "draft" in arrival ? arrival.isOwn : true;
    const kind = kindOf(draft.apiVersion, draft.kind);
    if (kind.kind === "Pod") {
      const { name, namespace = "default", annotations } = draft.metadata;
      this.#book.arrives(
        `${namespace}/${name}`,
        arrival.id,
        nowMs,
        annotations?.[Annotation.duration] !== undefined,
      );
    }
    this.#objects.create(kind, draft, isOwn ? OWN : FOREIGN).catch(this.#onError);
  }
}

let lastKind: Kind | undefined;

/** Workloads are mostly of one kind. */
function kindOf(apiVersion: string, name: string): Kind {
  if (lastKind?.kind === name && apiVersionOf(lastKind) === apiVersion) return lastKind;
  const found = KINDS.find((kind) => kind.kind === name && apiVersionOf(kind) === apiVersion);
  if (found === undefined) throw new Error(`kubesim has no kind ${name} in ${apiVersion}`);
  lastKind = found;
  return found;
}
