import type { Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import { createRandom } from "../../../lib/random.ts";
import { annotatedMs, annotationOf } from "../containers/annotations.ts";
import type { ContainerRun } from "./container-run.ts";
import type { Log, LogLine } from "./log.ts";
import { activity, farewell, greeting } from "./phrases.ts";

/** Lines of a container's everyday that are kept; a kubelet rotates logs away as well. */
const KEPT_LINES = 50_000;

/**
 * All that a container says in one run, as a list that is never made: any line and its time follow from the pod's
 * uid, the container, the run and the line's number alone. So logs cost nothing until they are read, are the same
 * whenever they are read, and survive a restart of the server.
 */
export class LogScript implements Log {
  readonly #pod: Pod;
  readonly #run: ContainerRun;
  readonly #name: string;
  readonly #greeting: readonly string[];
  readonly #farewell: readonly string[];
  readonly #own: readonly string[] | undefined;
  readonly #firstMs: number;
  /** Infinity: no everyday lines. */
  readonly #intervalMs: number;

  constructor(pod: Pod, run: ContainerRun) {
    const { uid } = pod.metadata;
    this.#pod = pod;
    this.#run = run;
    this.#name = `log/${uid}/${run.name}/${run.restart}`;
    const own = annotationOf(pod, run.name, Annotation.logLines);
    this.#own = own?.replace(/\n$/, "").split("\n");
    this.#greeting = own === undefined ? greeting(pod, run) : [];
    this.#farewell = own === undefined ? farewell(run) : [];
    const random = createRandom(this.#name);
    const asked = annotatedMs(pod, run.name, Annotation.logInterval);
    this.#intervalMs = asked === undefined ? 5_000 + random.below(10_000) : asked === 0 ? Infinity : asked;
    this.#firstMs = own === undefined ? run.startedMs + Math.min(1_000, this.#intervalMs) : run.startedMs;
  }

  firstKept(nowMs: number): number {
    const everyday = this.#everydayUntil(nowMs);
    return everyday <= KEPT_LINES ? 0 : this.#greeting.length + everyday - KEPT_LINES;
  }

  count(nowMs: number): number {
    const { ending } = this.#run;
    const all = this.#greeting.length + this.#everydayUntil(nowMs);
    return ending !== undefined && ending.finishedMs <= nowMs ? all + this.#farewell.length : all;
  }

  line(index: number): LogLine | undefined {
    const { startedMs, ending } = this.#run;
    const endMs = ending?.finishedMs ?? Infinity;
    const greeted = this.#greeting[index];
    if (greeted !== undefined) return { atMs: Math.min(startedMs + 2 * index, endMs), text: greeted };
    const place = index - this.#greeting.length;
    const everyday = ending === undefined ? Infinity : this.#everydayUntil(endMs);
    if (place < everyday) {
      return this.#intervalMs === Infinity && this.#own === undefined ? undefined : this.#everyday(place);
    }
    const text = this.#farewell[place - everyday];
    return text === undefined ? undefined : { atMs: endMs, text };
  }

  indexAt(sinceMs: number, nowMs: number): number {
    let low = 0;
    let high = this.count(nowMs);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.line(middle)?.atMs ?? Infinity) < sinceMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #everyday(place: number): LogLine | undefined {
    const atMs = this.#everydayMs(place);
    if (this.#own === undefined) {
      const random = createRandom(`${this.#name}/${place}`);
      return { atMs, text: activity(this.#pod, this.#run, place, random) };
    }
    if (this.#intervalMs === Infinity && place >= this.#own.length) return undefined;
    return { atMs, text: this.#own[place % this.#own.length] as string };
  }

  /** Lines of one's own that have no interval come all at the start. */
  #everydayMs(place: number): number {
    return this.#intervalMs === Infinity ? this.#firstMs : this.#firstMs + place * this.#intervalMs;
  }

  #everydayUntil(nowMs: number): number {
    const untilMs = Math.min(nowMs, this.#run.ending?.finishedMs ?? Infinity);
    if (untilMs < this.#firstMs) return 0;
    if (this.#intervalMs === Infinity) return this.#own?.length ?? 0;
    return Math.floor((untilMs - this.#firstMs) / this.#intervalMs) + 1;
  }
}
