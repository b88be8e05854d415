import type { Change } from "./store.ts";

export type Listener = (changes: readonly Change[]) => void;

interface Registration {
  readonly prefix: string;
  readonly listener: Listener;
  /** Changes up to this revision are in the backlog or older than the watch. */
  afterRevision: number;
  backlog: readonly Change[];
  closed: boolean;
}

interface TableListeners {
  /** Which table it was, by when it was first watched. */
  readonly order: number;
  /** Replaced, not changed: whoever is being told goes on with those there were. */
  registrations: readonly Registration[];
}

const TURN = Promise.resolve();

/**
 * Tells listeners of changes, each once per microtask turn with all that happened since.
 *
 * Listeners of the same whole table are handed the very same array, so that they can share work on it.
 */
export class Listeners {
  /** Listeners by the table (prefix up to the first slash) they watch; "" watches all tables. */
  readonly #byTable = new Map<string, TableListeners>();
  #tablesSeen = 0;
  #pending = new Map<string, Change[]>();
  /** True while somebody is to be told of what happened before it listened. */
  #hasBacklog = false;
  #scheduled = false;
  readonly #deliverSoon = () => this.#deliver();

  /** Notes a change for whoever watches its table. */
  push(table: string, change: Change): void {
    if (this.#byTable.has(table)) this.#enqueue(table, change);
    if (this.#byTable.has("")) this.#enqueue("", change);
  }

  /** @param backlog changes that the listener is told first; @param afterRevision the newest of them, or the start */
  add(
    table: string,
    prefix: string,
    backlog: readonly Change[],
    afterRevision: number,
    listener: Listener,
  ): () => void {
    const registration: Registration = { prefix, listener, afterRevision, backlog, closed: false };
    let listeners = this.#byTable.get(table);
    if (listeners === undefined) {
      listeners = { order: this.#tablesSeen++, registrations: [] };
      this.#byTable.set(table, listeners);
    }
    const own = listeners;
    own.registrations = [...own.registrations, registration];
    if (backlog.length > 0) {
      this.#hasBacklog = true;
      this.#schedule();
    }
    return () => {
      registration.closed = true;
      own.registrations = own.registrations.filter((other) => other !== registration);
      if (own.registrations.length === 0 && this.#byTable.get(table) === own) this.#byTable.delete(table);
    };
  }

  #enqueue(table: string, change: Change): void {
    const changes = this.#pending.get(table);
    if (changes === undefined) this.#pending.set(table, [change]);
    else changes.push(change);
    if (!this.#scheduled) this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // As `queueMicrotask`, but without Node's async resource for each, which costs more than the turn itself.
    void TURN.then(this.#deliverSoon);
  }

  #deliver(): void {
    this.#scheduled = false;
    const pending = this.#pending;
    this.#pending = new Map();
    const hasBacklog = this.#hasBacklog;
    this.#hasBacklog = false;
    const failures: unknown[] = [];
    // Most commits touch one table, and there are many.
    for (const table of this.#inOrder(hasBacklog ? this.#byTable.keys() : pending.keys())) {
      const changes = pending.get(table) ?? [];
      for (const registration of this.#byTable.get(table)?.registrations ?? []) {
        try {
          tell(registration, changes);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    // One listener's fault must not cost the others their changes; it is still a fault, for the process to report.
    if (failures.length > 0) throw failures[0];
  }

  /** Tables in the order in which somebody began to watch them. */
  #inOrder(tables: Iterable<string>): string[] {
    const order = (table: string) => this.#byTable.get(table)?.order ?? 0;
    const found = [...tables];
    // One kind, and beside it who follows all kinds: that is most of the turns of a simulation.
    const [first, second] = found;
    if (first === undefined || second === undefined) return found;
    if (found.length === 2) return order(first) <= order(second) ? found : [second, first];
    return found.sort((a, b) => order(a) - order(b));
  }
}

function tell(registration: Registration, pending: readonly Change[]): void {
  if (registration.closed) return;
  const changes = newTo(registration, pending);
  if (changes.length > 0) registration.listener(changes);
}

function newTo(registration: Registration, pending: readonly Change[]): readonly Change[] {
  const { prefix, afterRevision, backlog } = registration;
  const first = pending[0];
  const wantsAll = prefix.indexOf("/") === prefix.length - 1;
  const isNews = wantsAll && first !== undefined && first.revision > afterRevision;
  const news = isNews
    ? pending
    : pending.filter((change) => change.revision > afterRevision && change.key.startsWith(prefix));
  if (backlog.length === 0) return news;
  registration.backlog = [];
  return news.length === 0 ? backlog : [...backlog, ...news];
}
