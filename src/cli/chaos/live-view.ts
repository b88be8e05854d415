import type { ChaosEvent } from "../../chaos/events.ts";
import { counted } from "../../lib/counted.ts";
import { formatAge, formatDuration } from "../../lib/duration.ts";
import type { Io } from "../io.ts";
import { plainColumns } from "../output/plain-columns.ts";
import { ChaosPicture, type NodeView } from "./picture.ts";
import { sparkline } from "./sparkline.ts";

/** Events of the log that are shown. */
const LOG_LINES = 6;

/** Draws a chaos run as it goes: one line per node, running pods over time, the last events, how far the aborts are. */
export class LiveView {
  readonly #io: Pick<Io, "paint" | "width">;
  readonly #picture = new ChaosPicture();

  constructor(io: Pick<Io, "paint" | "width">) {
    this.#io = io;
  }

  /** Takes an event in. */
  take(event: ChaosEvent): void {
    this.#picture.take(event);
  }

  /** The picture at `elapsedMs` of the run, in at most so many lines. */
  lines(elapsedMs: number, rows: number): string[] {
    const picture = this.#picture;
    picture.sample(elapsedMs);
    const head = [this.#headline(elapsedMs), this.#podsLine(), ...this.#conditionLines(), ""];
    const log = picture.log
      .slice(-LOG_LINES)
      .map(({ t, text }) => this.#dim(`${formatDuration(t).padStart(6)}  ${text}`));
    const room = Math.max(3, rows - head.length - LOG_LINES - 2);
    return [...head, ...this.#nodeLines(elapsedMs, room), "", ...log];
  }

  #headline(elapsedMs: number): string {
    const { runId, seed, durationMs, phase } = this.#picture;
    const times = `${formatDuration(elapsedMs)} of ${formatDuration(durationMs)}`;
    return `${this.#io.paint("bold", runId, "stderr")} · ${phase} · ${times} · seed ${seed}`;
  }

  #podsLine(): string {
    const { running, pods, history } = this.#picture;
    const up = this.#picture.nodes.filter((node) => node.state === "up").length;
    const total = this.#picture.nodes.length;
    const line = sparkline(history, 30);
    return `nodes up ${up}/${total} · pods running ${running}/${pods} ${this.#io.paint("cyan", line, "stderr")}`;
  }

  #conditionLines(): string[] {
    return [...this.#picture.conditions.values()].map(({ role, condition, holds, value }) => {
      const good = role === "steady" ? holds : !holds;
      const words = role === "steady" ? ["holds", "does not hold"] : ["not reached", "reached"];
      const mark = this.#io.paint(good ? "green" : "red", words[good ? 0 : 1] as string, "stderr");
      return `${role} ${condition}: ${mark}${value === undefined ? "" : `, seen ${Number(value.toFixed(1))}`}`;
    });
  }

  #nodeLines(elapsedMs: number, room: number): string[] {
    const worst = [...this.#picture.nodes].sort((a, b) => rank(a) - rank(b));
    const shown = worst.slice(0, worst.length > room ? room - 1 : room);
    const rows = shown.map((node) => [
      node.name,
      this.#stateText(node),
      sinceText(node, elapsedMs),
      podsText(node),
    ]);
    const lines = plainColumns(undefined, rows).split("\n");
    const hidden = worst.length - shown.length;
    return hidden > 0 ? [...lines, this.#dim(`and ${hidden} more`)] : lines;
  }

  #stateText({ state, ready, fault }: NodeView): string {
    const seen = ready ? "" : ", seen not ready";
    if (state === "up")
      return ready
        ? this.#io.paint("green", "up", "stderr")
        : `${this.#io.paint("yellow", "up", "stderr")}${seen}`;
    const down = this.#io.paint("red", fault === "node-hang" ? "hung" : "down", "stderr");
    return `${down}${ready ? ", not noticed yet" : seen}`;
  }

  #dim(text: string): string {
    return this.#io.paint("dim", text, "stderr");
  }
}

function rank(node: NodeView): number {
  return node.state === "up" ? (node.ready ? 2 : 1) : 0;
}

function sinceText({ sinceMs }: NodeView, elapsedMs: number): string {
  return formatAge(elapsedMs - sinceMs);
}

function podsText({ pods }: NodeView): string {
  return counted(pods, "pod");
}
