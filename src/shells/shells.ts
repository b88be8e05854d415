import type { ShellHost, ShellRequest } from "../agents/shell-host.ts";
import type { ProcessOutput, RemoteProcess } from "../api/container-access.ts";
import { ApiError } from "../api/errors.ts";
import type { Clock } from "../clock/clock.ts";
import { podOf } from "./container-id.ts";
import { ShellThread } from "./shell-thread.ts";

const SESSIONS_MAX = 200;
const THREADS_MAX = 4;

/**
 * All emulated shells of an agent, in a few threads: what computes without a pause holds up no more than those that
 * share its thread. Containers of a pod share files, and so a thread.
 */
export class Shells implements ShellHost {
  readonly #clock: Clock;
  readonly #threads: ShellThread[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True when the container's files are there, so that they need not be made. */
  knows(container: string): boolean {
    return this.#threads.some((thread) => thread.knows(container));
  }

  /** Starts a shell or command. `kill` ends the container. Fails with TooManyRequests. */
  start(what: ShellRequest, output: ProcessOutput, kill: (code: number) => void): RemoteProcess {
    const running = this.#threads.reduce((sum, { sessions }) => sum + sessions, 0);
    if (running >= SESSIONS_MAX) {
      throw new ApiError("TooManyRequests", `too many processes run in containers (${SESSIONS_MAX})`);
    }
    return this.#threadFor(podOf(what.container.id)).start(what, output, kill);
  }

  /** The container has ended, and with it what ran in it. */
  forget(container: string): void {
    for (const thread of this.#threads) thread.forget(container);
  }

  stop(): void {
    for (const thread of this.#threads) thread.stop();
  }

  /** That of the pod; else one where nothing runs, one more, or the one where least does. */
  #threadFor(pod: string): ShellThread {
    const own = this.#threads.find((thread) => thread.knowsPod(pod));
    if (own !== undefined) return own;
    const [best] = this.#threads.toSorted((a, b) => loadOf(a) - loadOf(b));
    if (best !== undefined && (best.sessions === 0 || this.#threads.length === THREADS_MAX)) return best;
    const thread = new ShellThread(this.#clock);
    this.#threads.push(thread);
    return thread;
  }
}

/** Where a command computes in one go, others would wait. */
function loadOf(thread: ShellThread): number {
  return thread.sessions + (thread.isBusy ? SESSIONS_MAX : 0);
}
