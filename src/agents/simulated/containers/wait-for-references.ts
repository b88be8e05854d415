import type { Pod } from "../../../api/kinds/pod.ts";
import type { Host } from "../host.ts";
import { PausableTimer } from "../pausable-timer.ts";
import { firstMissing, type referencesOfVolumes } from "./references.ts";

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 16_000;

/** Looks for what is missing again and again, with growing pauses, until all is there. */
export class ReferenceWait {
  readonly #host: Host;
  readonly #timer: PausableTimer;
  readonly #look: () => Promise<string | undefined>;
  readonly #onProblem: (text: string) => void;
  readonly #onAll: () => void;
  #retryMs = FIRST_RETRY_MS;
  #problem: string | undefined;
  #isOver = false;

  /** @param onProblem is told what is missing whenever that is something else */
  constructor(
    host: Host,
    pod: Pod,
    references: ReturnType<typeof referencesOfVolumes>,
    onProblem: (text: string) => void,
    onAll: () => void,
  ) {
    this.#host = host;
    this.#timer = new PausableTimer(host.clock);
    this.#look = () => firstMissing(host.objects, pod.metadata.namespace ?? "", references);
    this.#onProblem = onProblem;
    this.#onAll = onAll;
    this.#try();
  }

  /** What is missing; undefined before the first look. */
  get problem(): string | undefined {
    return this.#problem;
  }

  pause(): void {
    this.#timer.pause();
  }

  resume(): void {
    this.#timer.resume();
  }

  stop(): void {
    this.#isOver = true;
    this.#timer.clear();
  }

  #try(): void {
    this.#look().then(
      (problem) => !this.#isOver && this.#found(problem),
      (error: unknown) => this.#host.onError(error),
    );
  }

  #found(problem: string | undefined): void {
    if (problem === undefined) {
      this.stop();
      this.#onAll();
      return;
    }
    const isNews = problem !== this.#problem;
    this.#problem = problem;
    this.#timer.set(this.#retryMs, () => this.#try());
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    if (isNews) this.#onProblem(problem);
  }
}
