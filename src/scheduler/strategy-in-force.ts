import type { EventRecorder } from "../api/event-recorder.ts";
import { type ClusterSettings, clusterSettings, DEFAULT_STRATEGY } from "../api/kinds/cluster-settings.ts";
import { keyOf } from "../api/meta.ts";
import { modify } from "../api/modify.ts";
import type { Objects } from "../api/objects.ts";
import type { WithinTime } from "../lib/time-limit.ts";
import { GuardedViews } from "./guarded-views.ts";
import { findStrategy } from "./strategies/registry.ts";
import type { Strategy } from "./strategy.ts";

/** Turns the text of a user's module into its default export. */
export type LoadStrategy = (source: string) => Promise<unknown>;

/** How long somebody else's strategy may take for the nodes of one pod: nothing else goes on meanwhile. */
const TIME_LIMIT_MS = 10_000;

interface StrategyContext {
  readonly objects: Objects;
  readonly load: LoadStrategy;
  /** For the scores of a user's own strategy; absent: they are waited for. */
  readonly withinTime?: WithinTime | undefined;
  readonly events: EventRecorder;
  readonly onError: (error: unknown) => void;
}

/**
 * The strategy for the next pod, as ClusterSettings say. One that cannot be had is reported, by an event and in the
 * settings' status, and the one before stays.
 */
export class StrategyInForce {
  readonly #context: StrategyContext;
  #current = findStrategy(DEFAULT_STRATEGY) as Strategy;
  /** The last of kubesim's own, which takes the place of one that does not end. */
  #own = this.#current;
  #settings: ClusterSettings | undefined;
  /** What was asked for last, so that a slow module does not win over a later choice. */
  #asked = 0;
  #name: string | undefined;
  #source: string | undefined;
  /** False while a choice is loaded and when it was refused. */
  #isAsAsked = false;
  #settled: Promise<void> = Promise.resolve();

  constructor(context: StrategyContext) {
    this.#context = context;
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
    this.#settings = settings;
    const { strategy: name, customStrategy: custom } = settings.spec;
    const source = custom?.name === name ? custom.source : undefined;
    if (name === this.#name && source === this.#source) {
      // What was said of an earlier choice may have been written after this one was made.
      if (this.#isAsAsked) this.#clearStatus(settings);
      return;
    }
    this.#isAsAsked = false;
    this.#name = name;
    this.#source = source;
    const asked = ++this.#asked;
    if (source === undefined) {
      const found = findStrategy(name);
      if (found === undefined) this.#refuse(settings, `no strategy is called "${name}"`);
      else this.#accept(settings, found);
      return;
    }
    this.#settled = this.#context.load(source).then(
      (loaded) => {
        if (asked !== this.#asked) return;
        if (isStrategy(loaded)) this.#accept(settings, ownStrategy(name, loaded, this.#context.withinTime));
        else this.#refuse(settings, `strategy "${name}" has no function called score in its default export`);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (asked === this.#asked) this.#refuse(settings, `strategy "${name}" cannot be loaded: ${message}`);
      },
    );
  }

  /** Puts somebody else's out of force, until settings ask for another one. @returns false when it is none */
  dismiss(why: string): boolean {
    if (this.#current.withinTime === undefined || this.#settings === undefined) return false;
    this.#current = this.#own;
    this.#isAsAsked = false;
    this.#refuse(this.#settings, why);
    return true;
  }

  #accept(settings: ClusterSettings, strategy: Strategy): void {
    this.#current = strategy;
    if (strategy.withinTime === undefined) this.#own = strategy;
    this.#isAsAsked = true;
    this.#clearStatus(settings);
  }

  #clearStatus(settings: ClusterSettings): void {
    if (settings.status !== undefined) this.#writeStatus(settings, undefined);
  }

  #refuse(settings: ClusterSettings, why: string): void {
    const { name } = this.#current;
    const message = `${why}; "${name}" stays in force`;
    this.#context.events.record(settings, "Warning", "StrategyRefused", message);
    this.#context.onError(new Error(message));
    this.#writeStatus(settings, { strategy: name, message });
  }

  #writeStatus(settings: ClusterSettings, status: ClusterSettings["status"]): void {
    const { objects, onError } = this.#context;
    const asked = this.#asked;
    const change = (now: ClusterSettings): ClusterSettings => {
      // Asked for something else meanwhile: what was to be said is no longer true.
      if (asked !== this.#asked) return now;
      const { status: _before, ...rest } = now;
      return status === undefined ? rest : { ...rest, status };
    };
    modify(objects, clusterSettings, keyOf(settings), change, { subresource: "status" }).catch(onError);
  }
}

function isStrategy(loaded: unknown): loaded is Pick<Strategy, "score"> & { readonly summary?: unknown } {
  return (
    typeof loaded === "object" &&
    loaded !== null &&
    typeof (loaded as { readonly score?: unknown }).score === "function"
  );
}

/** Only `score` is taken over, and sees copies: a fault in anything else could stop scheduling or falsify counts. */
function ownStrategy(
  name: string,
  loaded: Pick<Strategy, "score"> & { readonly summary?: unknown },
  withinTime: WithinTime | undefined,
): Strategy {
  const summary = typeof loaded.summary === "string" ? loaded.summary : "a strategy of your own";
  const views = new GuardedViews();
  return {
    name,
    summary,
    ...(withinTime && {
      withinTime: (work: () => void) => withinTime(TIME_LIMIT_MS, `The score of strategy "${name}"`, work),
    }),
    score: (pod, node, context) => loaded.score(views.pod(pod), views.node(node), views.context(context)),
  };
}
