import { elapsedText } from "../../api/kinds/cluster-clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { Playback } from "../../recording/playback.ts";
import type { Io } from "../io.ts";
import { plainColumns } from "../output/plain-columns.ts";
import { loadOf, type NodeLoad, percentText, type Share } from "./load-of-node.ts";
import { replaySentence } from "./sentence.ts";

/** What the player shows beside the cluster. */
export interface PlayerState {
  /** What is played, for people. */
  readonly title: string;
  readonly durationMs: number;
  readonly isPlaying: boolean;
  /** Ms of the recording per ms. */
  readonly speed: number;
  /** The first node that is shown. */
  readonly scroll: number;
  /** A time that is being typed; undefined: none is. */
  readonly typed: string | undefined;
  readonly notice: string | undefined;
}

export const SMALLEST = { columns: 60, rows: 15 } as const;

const KEYS = "space play · ←/→ step · +/- speed · [/] 10 % · g/G ends · t go to · ↑/↓ nodes · q quit";
const LOG_LINES = 6;
const BAR_COLUMNS = 10;
/** Lines that are neither nodes nor log: title, clock, bar, counts, header, two gaps, keys. */
const OTHER_LINES = 8;

/** How many nodes fit on a screen. */
export function nodeRows(rows: number): number {
  return Math.max(1, rows - OTHER_LINES - LOG_LINES);
}

/** The picture of a moment, for a screen of this size. */
export function frameOf(
  io: Pick<Io, "paint">,
  playback: Playback,
  state: PlayerState,
  size: { readonly columns: number; readonly rows: number },
): readonly string[] {
  if (size.columns < SMALLEST.columns || size.rows < SMALLEST.rows) {
    return [`The player needs ${SMALLEST.columns} x ${SMALLEST.rows} characters`, "q quits"];
  }
  const dim = (text: string) => io.paint("dim", text);
  const log = playback.recent
    .flatMap((event) => {
      const text = replaySentence(event);
      return text === undefined ? [] : [dim(`${elapsedText(event.t)}  ${text}`)];
    })
    .slice(-LOG_LINES);
  const lines = [
    io.paint("bold", state.title),
    clockLine(io, playback, state),
    progressLine(playback.positionMs, state.durationMs, size.columns),
    countsLine(playback),
    ...nodeLines(io, playback, state.scroll, nodeRows(size.rows)),
    "",
    ...log,
  ];
  const foot = [bottomLine(io, state)];
  const gap = Math.max(0, size.rows - lines.length - foot.length);
  return [...lines, ...Array.from({ length: gap }, () => ""), ...foot];
}

function clockLine(io: Pick<Io, "paint">, { positionMs, isAtEnd }: Playback, state: PlayerState): string {
  const where = `${io.paint("cyan", elapsedText(positionMs))} of ${formatDuration(state.durationMs)}`;
  const word = state.isPlaying ? "playing" : isAtEnd ? "at the end" : "paused";
  return `${where} · ${word} · ${speedText(state.speed)}`;
}

/** `60x`. */
export function speedText(speed: number): string {
  return `${speed}x`;
}

function progressLine(positionMs: number, durationMs: number, columns: number): string {
  const room = columns - 4;
  const filled = durationMs === 0 ? room : Math.round((room * positionMs) / durationMs);
  return `[${"=".repeat(filled)}${" ".repeat(room - filled)}]`;
}

function countsLine({ ledger }: Playback): string {
  const { nodes, up, ready, running, pending, unschedulable } = ledger.counts;
  const noRoom = unschedulable === 0 ? "" : ` (${unschedulable} without room)`;
  return `nodes up ${up}/${nodes}, ready ${ready}/${nodes} · pods running ${running}, pending ${pending}${noRoom}`;
}

function nodeLines(io: Pick<Io, "paint">, { ledger }: Playback, scroll: number, room: number): string[] {
  const records = [...ledger.nodes.values()];
  if (records.length === 0) return ["", io.paint("dim", "no nodes yet")];
  const shown = records.slice(scroll, scroll + room).map(loadOf);
  const rows = shown.map((load) => [
    load.name,
    stateText(io, load),
    `${bar(load.cpu)} ${percentText(load.cpu)}`,
    `${bar(load.memory)} ${percentText(load.memory)}`,
    load.running === load.pods ? `${load.pods}` : `${load.pods} (${load.running} running)`,
  ]);
  const hidden = records.length - shown.length;
  const header = ["NODE", "STATE", "CPU", "MEMORY", hidden > 0 ? `PODS (${hidden} more nodes)` : "PODS"];
  return plainColumns(header, rows).split("\n");
}

function stateText(io: Pick<Io, "paint">, { state, isUp, isReady }: NodeLoad): string {
  return io.paint(isUp ? (isReady ? "green" : "yellow") : "red", state);
}

function bar({ used, total }: Share): string {
  const filled = total === 0 ? 0 : Math.min(BAR_COLUMNS, Math.round((BAR_COLUMNS * used) / total));
  return `${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)}`;
}

function bottomLine(io: Pick<Io, "paint">, { typed, notice }: PlayerState): string {
  if (typed !== undefined) return `go to (such as 90s, 10m, 1h30m): ${typed}_`;
  return notice === undefined ? io.paint("dim", KEYS) : io.paint("yellow", notice);
}
