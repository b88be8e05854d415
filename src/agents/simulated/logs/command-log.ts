import type { Container, Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import { annotationOf } from "../containers/annotations.ts";
import { foreseenRun } from "../containers/foreseen-run.ts";
import { containerOf } from "../shell/container-setup.ts";
import type { ContainerRun } from "./container-run.ts";
import type { Log, LogLine } from "./log.ts";

/** What the command of a container writes, where all of it is understood and nothing else is to be said. */
export class CommandLog implements Log {
  readonly #lines: readonly LogLine[];

  private constructor(lines: readonly LogLine[]) {
    this.#lines = lines;
  }

  /** Undefined for a run of which nobody can say what it writes. */
  static of(pod: Pod, run: ContainerRun): CommandLog | undefined {
    const container = containerOf(pod, run.name);
    if (container === undefined || !isTold(pod, container)) return undefined;
    const foreseen = foreseenRun(container, run.startedMs);
    if (foreseen === undefined) return undefined;
    const endMs = run.ending?.finishedMs ?? Infinity;
    // Statuses count in whole seconds.
    const isWhole = endMs - run.startedMs > foreseen.durationMs - 1_000;
    const lines = foreseen.output.map(({ atMs, text }) => ({ atMs: run.startedMs + atMs, text }));
    return new CommandLog(
      isWhole
        ? lines.map(({ atMs, text }) => ({ atMs: Math.min(atMs, endMs), text }))
        : lines.filter(({ atMs }) => atMs <= endMs),
    );
  }

  firstKept(): number {
    return 0;
  }

  count(nowMs: number): number {
    const later = this.#lines.findIndex(({ atMs }) => atMs > nowMs);
    return later < 0 ? this.#lines.length : later;
  }

  line(index: number): LogLine | undefined {
    return this.#lines[index];
  }

  indexAt(sinceMs: number, nowMs: number): number {
    const since = this.#lines.findIndex(({ atMs }) => atMs >= sinceMs);
    return Math.min(since < 0 ? this.#lines.length : since, this.count(nowMs));
  }
}

/** Annotations say something else of what runs, and a shell is somebody's. */
function isTold(pod: Pod, { name, stdin }: Container): boolean {
  const others = [Annotation.logLines, Annotation.logInterval, Annotation.duration, Annotation.exitCode];
  return stdin !== true && others.every((other) => annotationOf(pod, name, other) === undefined);
}
