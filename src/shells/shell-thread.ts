import { Worker } from "node:worker_threads";
import type { ShellRequest } from "../agents/shell-host.ts";
import type { ProcessExit, ProcessOutput, RemoteProcess } from "../api/container-access.ts";
import type { Clock } from "../clock/clock.ts";
import { RealClock } from "../clock/real.ts";
import { podOf } from "./container-id.ts";
import type { FromShells, ToShells } from "./messages.ts";

/** A thread that says nothing for so long is ended, with all shells in it. */
const SILENCE_MAX_MS = 20_000;
const PING_PERIOD_MS = 500;
/** One that has not answered for so long is taken to be busy. */
const SILENCE_NOTED_MS = 1_000;
/** Containers whose files are kept; beyond that the ones used longest ago are forgotten. */
const CONTAINERS_MAX = 16;
const HEAP_MB = 768;
/** What a shell reports of a process that was killed. */
const KILLED_CODE = 137;

/** A shell that runs for a client. */
interface Session {
  readonly container: string;
  readonly output: ProcessOutput;
  readonly kill: (code: number) => void;
  readonly resolve: (exit: ProcessExit) => void;
}

/** Emulated shells that share a thread, which starts with the first of them. */
export class ShellThread {
  readonly #clock: Clock;
  /** Threads live in real time, whatever clock the cluster runs on. */
  readonly #threadClock = new RealClock();
  readonly #sessions = new Map<number, Session>();
  /** Containers that the thread knows, the one used last at the end. */
  readonly #containers = new Set<string>();
  #worker: Worker | undefined;
  #watch: { cancel(): void } | undefined;
  #heardMs = 0;
  #lastSession = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True when the container's files are there, so that they need not be made. */
  knows(container: string): boolean {
    return this.#containers.has(container);
  }

  /** How many shells run in it. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** True when it keeps the files of a container of the pod. */
  knowsPod(pod: string): boolean {
    for (const container of this.#containers) if (podOf(container) === pod) return true;
    return false;
  }

  /** True when it has no answer for whoever asks: a command computes in one go. */
  get isBusy(): boolean {
    return this.#watch !== undefined && this.#threadClock.monotonicMs() - this.#heardMs > SILENCE_NOTED_MS;
  }

  /** Starts a shell or command. `kill` ends the container. */
  start(what: ShellRequest, output: ProcessOutput, kill: (code: number) => void): RemoteProcess {
    const session = ++this.#lastSession;
    this.#use(what.container.id);
    const exit = new Promise<ProcessExit>((resolve) => {
      this.#sessions.set(session, { container: what.container.id, output, kill, resolve });
    });
    this.#post({ ...what, type: "start", session });
    this.#watchOver();
    return {
      exit,
      write: (bytes) => this.#post({ type: "input", session, bytes }),
      endInput: () => this.#post({ type: "endInput", session }),
      resize: (columns, rows) => this.#post({ type: "resize", session, columns, rows }),
      hangUp: () => {
        this.#post({ type: "hangUp", session });
        this.#end(session, { code: KILLED_CODE });
      },
    };
  }

  /** The container has ended, and with it what ran in it. */
  forget(container: string): void {
    for (const [id, session] of this.#sessions) {
      if (session.container !== container) continue;
      this.#post({ type: "hangUp", session: id });
      this.#end(id, { code: KILLED_CODE });
    }
    if (this.#containers.delete(container)) this.#post({ type: "forget", container });
  }

  stop(): void {
    this.#lose({ code: KILLED_CODE });
  }

  #use(container: string): void {
    this.#containers.delete(container);
    this.#containers.add(container);
    if (this.#containers.size <= CONTAINERS_MAX) return;
    const busy = new Set([...this.#sessions.values()].map((session) => session.container));
    const idle = [...this.#containers].find((each) => each !== container && !busy.has(each));
    if (idle !== undefined) this.forget(idle);
  }

  #post(message: ToShells): void {
    if (this.#worker === undefined && message.type !== "start") return;
    this.#worker ??= this.#open();
    this.#worker.postMessage(message);
  }

  #open(): Worker {
    const worker = openWorker();
    worker.on("message", (message: FromShells) => this.#hear(message));
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#lose({ failure: `the shell broke down: ${error.message}` });
    });
    worker.on("exit", () => {
      if (this.#worker === worker) this.#lose({ failure: "the shell has ended" });
    });
    worker.unref();
    this.#heardMs = this.#threadClock.monotonicMs();
    return worker;
  }

  #hear(message: FromShells): void {
    this.#heardMs = this.#threadClock.monotonicMs();
    if (message.type === "pong") return;
    const session = this.#sessions.get(message.session);
    if (message.type === "call") this.#answer(message, session);
    else if (message.type === "exit") this.#end(message.session, { code: message.code });
    else if (message.fd === 1) session?.output.stdout(message.bytes);
    else session?.output.stderr(message.bytes);
  }

  #answer({ call, what, value }: Extract<FromShells, { type: "call" }>, session: Session | undefined): void {
    const answer = (result: number) => this.#post({ type: "answer", call, value: result });
    if (what === "now") {
      answer(this.#clock.now());
    } else if (what === "sleep") {
      this.#clock.after(Math.min(Math.max(0, value), LONGEST_SLEEP_MS), () => answer(0));
    } else {
      answer(0);
      session?.kill(value);
    }
  }

  #end(id: number, exit: ProcessExit): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    session?.resolve(exit);
    if (this.#sessions.size === 0) {
      this.#watch?.cancel();
      this.#watch = undefined;
    }
  }

  /** While something runs, the thread must show now and then that it is not stuck. */
  #watchOver(): void {
    if (this.#watch !== undefined) return;
    this.#heardMs = this.#threadClock.monotonicMs();
    this.#watch = this.#threadClock.every(PING_PERIOD_MS, () => {
      if (this.#threadClock.monotonicMs() - this.#heardMs > SILENCE_MAX_MS) {
        this.#lose({ failure: "the shell was ended: it computed for too long" });
      } else {
        this.#post({ type: "ping" });
      }
    });
  }

  /** The thread is gone, with every shell and every file. */
  #lose(exit: ProcessExit): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#containers.clear();
    for (const id of [...this.#sessions.keys()]) this.#end(id, exit);
    worker?.terminate().catch(() => {});
  }
}

const LONGEST_SLEEP_MS = 365 * 86_400_000;

/** The built program has the thread's code in a file of its own; the sources, in tests, are run through tsx. */
function openWorker(): Worker {
  const options = {
    // No secret of the server's surroundings is of use to a shell.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  };
  const own = import.meta.url;
  if (!own.endsWith(".ts")) {
    return new Worker(new URL(own.includes("/chunks/") ? "../shells.js" : "./shells.js", own), options);
  }
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const [worker, from] = [new URL("./worker.ts", own).href, own].map((url) => JSON.stringify(url));
  const code = `import(${loader}).then(({ tsImport }) => tsImport(${worker}, ${from}))`;
  return new Worker(code, { ...options, eval: true });
}
