import type { ChaosEvent } from "../../chaos/events.ts";
import type { Timer } from "../../clock/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { CommandContext } from "../command.ts";
import { LiveScreen } from "../output/live-screen.ts";
import { eventSentence } from "./event-sentence.ts";
import { LiveView } from "./live-view.ts";

const REDRAW_MS = 250;
const HINT = "Ctrl-C ends the run and heals everything";

/**
 * Shows a run as it goes: on a terminal a live view on stderr; else one JSON line per event on stdout, so that
 * stdout is the run's log. With -o json or yaml stdout is kept for the report. `plain`: sentences on stderr, wherever.
 */
export class ChaosDisplay {
  readonly #context: CommandContext;
  readonly #plain: boolean;
  /** stdout carries the events. */
  readonly writesEvents: boolean;
  readonly #screen: LiveScreen | undefined;
  readonly #view: LiveView;
  readonly #startedMs: number;
  #timer: Timer | undefined;

  constructor(context: CommandContext, plain: boolean) {
    const { io, globals, clock } = context;
    const live = !plain && io.stderr.isTTY === true && io.env.TERM !== "dumb" && globals.output === "table";
    this.#context = context;
    this.#screen = live ? new LiveScreen(io, "stderr") : undefined;
    this.#plain = plain;
    this.writesEvents = !live && !plain && globals.output !== "json" && globals.output !== "yaml";
    this.#view = new LiveView(io);
    this.#startedMs = clock.monotonicMs();
    if (live) this.#timer = clock.every(REDRAW_MS, () => this.#draw(HINT));
  }

  take(event: ChaosEvent): void {
    if (event.type === "run-started") {
      const { io } = this.#context;
      const text = `seed ${event.seed}; the same dice fall again with the same options and --seed ${event.seed}`;
      io.note(io.paint("dim", text, "stderr"));
    }
    if (this.writesEvents) this.#context.io.result(JSON.stringify(event));
    if (this.#plain) this.#say(event);
    this.#view.take(event);
  }

  /** Leaves the last picture on the screen. */
  end(): void {
    this.#timer?.cancel();
    if (this.#screen === undefined) return;
    this.#draw(undefined);
    this.#screen.end();
  }

  #say(event: ChaosEvent): void {
    const text = eventSentence(event);
    if (text !== undefined) this.#context.io.note(`${formatDuration(event.t).padStart(6)}  ${text}`);
  }

  #draw(hint: string | undefined): void {
    const elapsedMs = this.#context.clock.monotonicMs() - this.#startedMs;
    const rows = this.#context.io.stderr.rows ?? 24;
    const lines = this.#view.lines(elapsedMs, rows - 2);
    const below = hint === undefined ? [] : [this.#context.io.paint("dim", hint, "stderr")];
    this.#screen?.draw([...lines, ...below]);
  }
}
