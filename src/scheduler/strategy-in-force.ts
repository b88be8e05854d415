import type { EventRecorder } from "../api/event-recorder.ts";
import { type ClusterSettings, DEFAULT_STRATEGY } from "../api/kinds/cluster-settings.ts";
import { findStrategy } from "./strategies/registry.ts";
import type { Strategy } from "./strategy.ts";

/** Turns the text of a user's module into its default export. */
export type LoadStrategy = (source: string) => Promise<unknown>;

/**
 * The strategy for the next pod, as ClusterSettings say. One that cannot be had is reported, and the one before stays.
 */
export class StrategyInForce {
  readonly #load: LoadStrategy;
  readonly #events: EventRecorder;
  readonly #onError: (error: unknown) => void;
  #current = findStrategy(DEFAULT_STRATEGY) as Strategy;
  /** What was asked for last, so that a slow module does not win over a later choice. */
  #asked = 0;
  #name = DEFAULT_STRATEGY;
  #source: string | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(load: LoadStrategy, events: EventRecorder, onError: (error: unknown) => void) {
    this.#load = load;
    this.#events = events;
    this.#onError = onError;
  }

  get current(): Strategy {
    return this.#current;
  }

  /** Resolves when the last choice is in force or refused. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** The settings are new or have changed. */
  follow(settings: ClusterSettings): void {
    const { strategy: name, customStrategy: custom } = settings.spec;
    const source = custom?.name === name ? custom.source : undefined;
    if (name === this.#name && source === this.#source) return;
    this.#name = name;
    this.#source = source;
    const asked = ++this.#asked;
    if (source === undefined) {
      const found = findStrategy(name);
      if (found === undefined) this.#refuse(settings, `no strategy is called "${name}"`);
      else this.#current = found;
      return;
    }
    this.#settled = this.#load(source).then(
      (loaded) => {
        if (asked !== this.#asked) return;
        if (isStrategy(loaded)) this.#current = ownStrategy(name, loaded);
        else this.#refuse(settings, `strategy "${name}" has no function called score in its default export`);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (asked === this.#asked) this.#refuse(settings, `strategy "${name}" cannot be loaded: ${message}`);
      },
    );
  }

  #refuse(settings: ClusterSettings, why: string): void {
    const message = `${why}; "${this.#current.name}" stays in force`;
    this.#events.record(settings, "Warning", "StrategyRefused", message);
    this.#onError(new Error(message));
  }
}

function isStrategy(loaded: unknown): loaded is Pick<Strategy, "score"> & { readonly summary?: unknown } {
  return (
    typeof loaded === "object" &&
    loaded !== null &&
    typeof (loaded as { readonly score?: unknown }).score === "function"
  );
}

/** Only `score` is taken over: a fault in anything else could stop scheduling. */
function ownStrategy(
  name: string,
  loaded: Pick<Strategy, "score"> & { readonly summary?: unknown },
): Strategy {
  const summary = typeof loaded.summary === "string" ? loaded.summary : "a strategy of your own";
  return { name, summary, score: (pod, node, context) => loaded.score(pod, node, context) };
}
