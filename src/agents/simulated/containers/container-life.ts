import type { Container, ContainerStatus, Pod } from "../../../api/kinds/pod.ts";
import type { Clock } from "../../../clock/clock.ts";
import type { Host } from "../host.ts";
import { PausableTimer } from "../pausable-timer.ts";
import type { ProbeWatch } from "../probes/probe-watch.ts";
import { startProbes } from "../probes/start-probes.ts";
import { type Ending, SIGKILL_EXIT_CODE, SIGTERM_EXIT_CODE, secondText } from "./container-state.ts";
import { type Hook, postStartHook, preStopMs } from "./hooks.ts";
import { referencesOfEnvironment } from "./references.ts";
import {
  backoffEventText,
  backoffOfRestart,
  backoffText,
  nextBackoffMs,
  restarts,
} from "./restart-policy.ts";
import type { Role } from "./role.ts";
import { exitCode, runDurationMs, stopDurationMs } from "./timing.ts";
import { ReferenceWait } from "./wait-for-references.ts";

/** What a container's life sees of its pod. */
export interface LifeContext {
  readonly clock: Clock;
  readonly pod: Pod;
  readonly podIP: string;
  readonly host: Host;
  /** False while the machine does nothing: what is started then waits. */
  readonly isActive: boolean;
  record(type: "Normal" | "Warning", reason: string, text: string): void;
  /** Something has changed that others wait for, or that the API is to be told. */
  moved(): void;
}

/** `waiting`: for its turn; `starting`: its postStart hook runs; `backoff`: ended, and to be started again. */
export type Stage = "waiting" | "starting" | "running" | "backoff" | "ended";

/** How far the stopping of a running container has come; `hook`: preStop runs; `turn`: others end before it. */
type Stopping = "hook" | "turn" | "told";

/** One container of a pod on its machine, through all of its runs. */
export class ContainerLife {
  readonly container: Container;
  readonly role: Role;
  readonly #context: LifeContext;
  #stage: Stage = "waiting";
  #stopping: Stopping | undefined;
  /** Set while it must not be started again. */
  #isLast = false;
  #isTurn = false;
  #startedAt = "";
  #startedMs = 0;
  #restartCount = 0;
  #backoffMs = 0;
  /** Of the run that the stages `backoff` and `ended` are after. */
  #ending: Ending | undefined;
  /** Of the run before the present one. */
  #previous: Ending | undefined;
  /** Made when there is something to wait for. */
  #timer: PausableTimer | undefined;
  /** While a ConfigMap or Secret is looked for that its variables are made of. */
  #references: ReferenceWait | undefined;
  /** Of the present run; undefined where probes have no say. */
  #probes: ProbeWatch | undefined;

  constructor(container: Container, role: Role, context: LifeContext) {
    this.container = container;
    this.role = role;
    this.#context = context;
  }

  get stage(): Stage {
    return this.#stage;
  }

  get startedAt(): string {
    return this.#startedAt;
  }

  get restartCount(): number {
    return this.#restartCount;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  get previous(): Ending | undefined {
    return this.#previous;
  }

  /** True while its process is there, also while it is being stopped. */
  get isAlive(): boolean {
    return this.#stage === "running" || this.#stage === "starting";
  }

  get isProbed(): boolean {
    return this.#probes !== undefined;
  }

  get isStarted(): boolean {
    return this.#stage === "running" && (this.#probes?.isStarted ?? true);
  }

  /** An init container is ready when it has done its work. */
  get isReady(): boolean {
    if (this.role === "init") return this.#stage === "ended" && this.#ending?.exitCode === 0;
    return this.#stage === "running" && (this.#probes?.isReady ?? true);
  }

  /** True when it will not run again: it has ended, or is not to be started at all. */
  get isOver(): boolean {
    return this.#stage === "ended" || (this.#isLast && this.#stage === "waiting");
  }

  /** Why it waits in back-off. */
  get backoffMessage(): string {
    return backoffText(this.#context.pod, this.container.name, this.#backoffMs);
  }

  /**
   * Takes over what the API says of it after the agent was restarted.
   * @param isLost its machine has crashed: what ran is gone
   */
  adopt(status: ContainerStatus, isLost: boolean): void {
    const { running, terminated, waiting } = status.state;
    const { terminated: last } = status.lastState;
    this.#restartCount = status.restartCount;
    this.#backoffMs = backoffOfRestart(status.restartCount);
    this.#previous = last;
    if (waiting !== undefined && waiting.reason !== "CrashLoopBackOff") return;
    if (!isLost && running !== undefined) {
      this.#adoptRun(running.startedAt);
      return;
    }
    if (terminated !== undefined && (!isLost || this.role === "main")) {
      this.#stage = "ended";
      this.#ending = terminated;
      return;
    }
    if (terminated !== undefined) this.#previous = terminated;
    if (running !== undefined) this.#previous = this.#endingOf(255, "Unknown", running.startedAt);
    this.#restartCount++;
  }

  /** The agent was restarted, the machine was not: the container has gone on meanwhile. */
  #adoptRun(startedAt: string): void {
    const { clock } = this.#context;
    const elapsedMs = Math.max(0, clock.now() - Date.parse(startedAt));
    this.#startedAt = startedAt;
    this.#startedMs = clock.monotonicMs() - elapsedMs;
    this.#run(elapsedMs);
  }

  /** Starts it, as soon as that is possible. */
  start(): void {
    const { host, pod } = this.#context;
    if (this.#references !== undefined) return;
    const references = host.checksReferences ? referencesOfEnvironment(this.container) : [];
    if (references.length === 0) this.#begin();
    else {
      const lacks = (problem: string) => this.#lack(problem);
      this.#references = new ReferenceWait(host, pod, references, lacks, () => this.#beginLate());
    }
  }

  #lack(problem: string): void {
    this.#context.record("Warning", "Failed", `Error: ${problem}`);
    this.#context.moved();
  }

  #beginLate(): void {
    this.#references = undefined;
    this.#begin();
    this.#context.moved();
  }

  /** What its variables lack, while it can not be started for that. */
  get configProblem(): string | undefined {
    return this.#references?.problem;
  }

  /** With a postStart hook it runs once that is over. */
  #begin(): void {
    const { clock, pod } = this.#context;
    const { name } = this.container;
    this.#startedAt = secondText(clock.now());
    this.#startedMs = clock.monotonicMs();
    this.#context.record("Normal", "Started", `Started container ${name}`);
    const hook = postStartHook(pod, this.container);
    if (hook === undefined) {
      this.#run(0);
    } else {
      this.#stage = "starting";
      this.#after(hook.durationMs, () => this.#hookEnds(hook));
    }
  }

  #hookEnds({ isFailing }: Hook): void {
    if (!isFailing) {
      this.#run(this.#elapsedMs);
      this.#context.moved();
      return;
    }
    this.#context.record("Warning", "FailedPostStartHook", "PostStartHook failed");
    this.#context.record("Normal", "Killing", "FailedPostStartHook");
    this.end(SIGTERM_EXIT_CODE);
  }

  #run(elapsedMs: number): void {
    this.#stage = "running";
    this.#armEnd(elapsedMs);
    this.#startProbes(elapsedMs);
  }

  get #elapsedMs(): number {
    return this.#context.clock.monotonicMs() - this.#startedMs;
  }

  #armEnd(elapsedMs: number): void {
    const { pod } = this.#context;
    const durationMs = runDurationMs(pod, this.container, this.role);
    if (durationMs === undefined) this.#timer?.clear();
    else this.#after(durationMs - elapsedMs, () => this.#endByItself());
  }

  #endByItself(): void {
    this.end(exitCode(this.#context.pod, this.container, this.role));
  }

  #startProbes(elapsedMs: number): void {
    const { clock, pod, podIP, isActive } = this.#context;
    this.#probes?.stop();
    this.#probes = startProbes(clock, pod, this.container, this.role, elapsedMs, {
      podIP,
      record: (...event) => this.#context.record(...event),
      changed: () => this.#context.moved(),
      end: (code) => this.end(code),
    });
    if (!isActive) this.#probes?.pause();
  }

  /** The annotations say something else now: it holds from the start of the container on. */
  changeBehaviour(): void {
    if (this.#stage !== "running" || this.#stopping !== undefined) return;
    this.#run(this.#elapsedMs);
  }

  /** Its process has ended with the code. */
  end(code: number): void {
    if (!this.isAlive) return;
    this.#clearTimers();
    this.#ending = this.#endingOf(code, code === 0 ? "Completed" : "Error", this.#startedAt);
    const ranMs = this.#elapsedMs;
    this.#startedAt = "";
    this.#stopping = undefined;
    if (this.#isLast || !restarts(this.#context.pod, this.role, code)) this.#stage = "ended";
    else this.#backOff(ranMs);
    this.#context.moved();
  }

  #backOff(ranMs: number): void {
    this.#stage = "backoff";
    this.#backoffMs = nextBackoffMs(this.#backoffMs, ranMs);
    this.#after(this.#backoffMs, () => {
      this.#restartCount++;
      this.#previous = this.#ending;
      this.#ending = undefined;
      this.#stage = "waiting";
      this.start();
      this.#context.moved();
    });
    const { pod } = this.#context;
    this.#context.record("Warning", "BackOff", backoffEventText(pod, this.container.name));
  }

  /** How long it takes from the call of `stop` to its end, if it need not wait for its turn. */
  get stopMs(): number {
    if (!this.isAlive) return 0;
    const { pod } = this.#context;
    return preStopMs(pod, this.container) + stopDurationMs(pod, this.container);
  }

  /** Begins to stop it for good: first its preStop hook, then, once it is its turn, it is told to end. */
  stop(): void {
    this.#isLast = true;
    this.#references?.stop();
    if (this.#stage === "backoff") {
      this.#clearTimers();
      this.#stage = "ended";
    }
    if (!this.isAlive || this.#stopping !== undefined) return;
    const { name } = this.container;
    this.#context.record("Normal", "Killing", `Stopping container ${name}`);
    const hookMs = this.#stage === "running" ? preStopMs(this.#context.pod, this.container) : 0;
    this.#stage = "running";
    this.#stopping = hookMs > 0 ? "hook" : "turn";
    this.#timer?.clear();
    if (hookMs > 0) this.#after(hookMs, () => this.#hookDone());
  }

  /** All that are to end before it have ended. */
  giveTurn(): void {
    this.#isTurn = true;
    if (this.#stopping === "turn") this.#tell();
  }

  #hookDone(): void {
    this.#stopping = "turn";
    if (this.#isTurn) this.#tell();
  }

  #tell(): void {
    this.#stopping = "told";
    this.#after(stopDurationMs(this.#context.pod, this.container), () => this.end(SIGTERM_EXIT_CODE));
  }

  /** The grace period is over: what has been told is killed; what has not is told now, with a little time left. */
  hurry(): void {
    if (!this.isAlive) return;
    if (this.#stopping === "told") {
      this.kill();
      return;
    }
    if (this.#stopping === "hook") {
      this.#context.record("Warning", "FailedPreStopHook", "PreStopHook failed");
    }
    this.#tell();
  }

  kill(): void {
    this.#isLast = true;
    this.end(SIGKILL_EXIT_CODE);
  }

  pause(): void {
    this.#timer?.pause();
    this.#references?.pause();
    this.#probes?.pause();
  }

  resume(): void {
    this.#timer?.resume();
    this.#references?.resume();
    this.#probes?.resume();
  }

  /** Nothing will come of it any more. */
  forget(): void {
    this.#clearTimers();
  }

  #after(delayMs: number, action: () => void): void {
    this.#timer ??= new PausableTimer(this.#context.clock);
    this.#timer.set(Math.max(0, delayMs), action);
    if (!this.#context.isActive) this.#timer.pause();
  }

  #clearTimers(): void {
    this.#timer?.clear();
    this.#references?.stop();
    this.#references = undefined;
    this.#probes?.stop();
    this.#probes = undefined;
  }

  #endingOf(code: number, reason: string, startedAt: string): Ending {
    return { exitCode: code, reason, startedAt, finishedAt: secondText(this.#context.clock.now()) };
  }
}
