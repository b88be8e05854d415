import type { Timer } from "../../clock/clock.ts";
import { parseDuration } from "../../lib/duration.ts";
import type { Playback } from "../../recording/playback.ts";
import type { CommandContext } from "../command.ts";
import { FullScreen } from "../output/full-screen.ts";
import { frameOf, nodeRows, type PlayerState } from "./frame.ts";

const REDRAW_MS = 100;
/** A recording is over in about this long unless told otherwise. */
const WHOLE_IN_MS = 30_000;
const SPEEDS = [1, 2, 5].flatMap((step) =>
  [0.1, 1, 10, 100, 1_000, 10_000, 100_000].map((ten) => step * ten),
);
SPEEDS.sort((a, b) => a - b);

/** How the player was left. */
export type Leaving = "quit" | "interrupted";

/** Plays a recording on the whole terminal, by keys. */
export class Player {
  readonly #context: CommandContext;
  readonly #playback: Playback;
  readonly #screen: FullScreen;
  readonly #keys: Readonly<Record<string, () => void>> = {
    " ": () => this.#toggle(),
    right: () => this.#pausedAt(() => this.#playback.step()),
    ".": () => this.#pausedAt(() => this.#playback.step()),
    left: () => this.#pausedAt(() => this.#playback.stepBack()),
    ",": () => this.#pausedAt(() => this.#playback.stepBack()),
    "+": () => this.#faster(1),
    "=": () => this.#faster(1),
    "-": () => this.#faster(-1),
    "[": () => this.#seek(this.#playback.positionMs - this.#state.durationMs / 10),
    "]": () => this.#seek(this.#playback.positionMs + this.#state.durationMs / 10),
    g: () => this.#seek(0),
    home: () => this.#seek(0),
    G: () => this.#seek(this.#state.durationMs),
    end: () => this.#seek(this.#state.durationMs),
    t: () => this.#change({ typed: "" }),
    up: () => this.#scrollBy(-1),
    down: () => this.#scrollBy(1),
    "page-up": () => this.#scrollBy(-nodeRows(this.#screen.rows)),
    "page-down": () => this.#scrollBy(nodeRows(this.#screen.rows)),
    q: () => this.#leave("quit"),
    escape: () => this.#leave("quit"),
    "ctrl-d": () => this.#leave("quit"),
    "ctrl-c": () => this.#leave("interrupted"),
  };
  #state: PlayerState;
  #leave: (how: Leaving) => void = () => {};
  #fail: (error: unknown) => void = () => {};
  #timer: Timer | undefined;
  #lastMs = 0;

  constructor(
    context: CommandContext,
    playback: Playback,
    about: { readonly title: string; readonly durationMs: number; readonly notice: string | undefined },
  ) {
    this.#context = context;
    this.#playback = playback;
    this.#screen = new FullScreen(
      context.io,
      (key) => this.#guarded(() => this.#press(key)),
      () => this.#draw(),
    );
    const speed = SPEEDS.find((one) => one * WHOLE_IN_MS >= about.durationMs) ?? (SPEEDS.at(-1) as number);
    this.#state = { ...about, isPlaying: true, speed, scroll: 0, typed: undefined };
  }

  /** Resolves when it is left; the terminal is as it was before. */
  async run(): Promise<Leaving> {
    const { clock, signal } = this.#context;
    const interrupted = () => this.#leave("interrupted");
    try {
      return await new Promise<Leaving>((resolve, reject) => {
        this.#leave = resolve;
        this.#fail = reject;
        signal.addEventListener("abort", interrupted, { once: true });
        this.#screen.enter();
        this.#lastMs = clock.monotonicMs();
        this.#timer = clock.every(REDRAW_MS, () => this.#guarded(() => this.#tick()));
        this.#draw();
      });
    } finally {
      this.#timer?.cancel();
      signal.removeEventListener("abort", interrupted);
      this.#screen.leave();
    }
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #press(key: string): void {
    if (this.#state.typed !== undefined && key !== "ctrl-c") this.#type(key, this.#state.typed);
    else this.#keys[key]?.();
  }

  #type(key: string, typed: string): void {
    if (key === "escape") this.#change({ typed: undefined });
    else if (key === "backspace") this.#change({ typed: typed.slice(0, -1) });
    else if (key === "enter") {
      const t = parseDuration(typed);
      if (t === undefined) this.#change({ typed: undefined, notice: `"${typed}" is no time such as 10m` });
      else this.#seek(t);
    } else if (/^[\w.]$/.test(key)) this.#change({ typed: typed + key });
  }

  #toggle(): void {
    const { isPlaying } = this.#state;
    if (!isPlaying && this.#playback.isAtEnd) this.#playback.seek(0);
    this.#change({ isPlaying: !isPlaying });
  }

  #pausedAt(move: () => boolean): void {
    move();
    this.#change({ isPlaying: false });
  }

  #seek(t: number): void {
    this.#playback.seek(Math.min(t, this.#state.durationMs));
    this.#change({ typed: undefined });
  }

  #faster(steps: number): void {
    const at = SPEEDS.indexOf(this.#state.speed) + steps;
    this.#change({ speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))] as number });
  }

  #scrollBy(nodes: number): void {
    const last = Math.max(0, this.#playback.ledger.nodes.size - nodeRows(this.#screen.rows));
    this.#change({ scroll: Math.max(0, Math.min(last, this.#state.scroll + nodes)) });
  }

  #tick(): void {
    const nowMs = this.#context.clock.monotonicMs();
    const passedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (!this.#state.isPlaying) return;
    const { durationMs, speed } = this.#state;
    this.#playback.seek(Math.min(durationMs, this.#playback.positionMs + passedMs * speed));
    const isOver = this.#playback.isAtEnd && this.#playback.positionMs >= durationMs;
    if (isOver) this.#state = { ...this.#state, isPlaying: false };
    this.#draw();
  }

  #change(change: Partial<PlayerState>): void {
    this.#state = { ...this.#state, notice: undefined, ...change };
    this.#draw();
  }

  #draw(): void {
    const { columns, rows } = this.#screen;
    this.#screen.draw(frameOf(this.#context.io, this.#playback, this.#state, { columns, rows }));
  }
}
