import type { Container, ContainerStatus, Pod } from "../../../api/kinds/pod.ts";
import type { Clock } from "../../../clock/clock.ts";
import type { Host } from "../host.ts";
import { PausableTimer } from "../pausable-timer.ts";
import { hasProbes, type ProbeWatch } from "../probes/probe-watch.ts";
import { startProbes } from "../probes/start-probes.ts";
import { type Ending, SIGKILL_EXIT_CODE, secondText } from "./container-state.ts";
import { ContainerStop, type StopPlan } from "./container-stop.ts";
import { type Hook, postStartHook, preStopMs } from "./hooks.ts";
import { fieldPathOf, recordCreation } from "./images.ts";
import { isPrepared, type Obstacle, Preparation } from "./preparation.ts";
import {
  backoffEventText,
  backoffOfRestart,
  backoffText,
  nextBackoffMs,
  restarts,
} from "./restart-policy.ts";
import type { Role } from "./role.ts";
import { exitCode, podGraceS, runDurationMs, stopDurationMs } from "./timing.ts";

/** What a container's life sees of its pod. */
export interface LifeContext {
  readonly clock: Clock;
  readonly pod: Pod;
  readonly podIP: string;
  readonly host: Host;
  /** False while the machine does nothing: what is started then waits. */
  readonly isActive: boolean;
  /** Images that are on the machine. */
  readonly images: Set<string>;
  /** Tells an event; `fieldPath` is that of the container that it is about. */
  record(type: "Normal" | "Warning", reason: string, text: string, fieldPath?: string): void;
  /** Something has changed that others wait for, or that the API is to be told. */
  moved(): void;
}

/** Tells an event of one container. */
export type RecordEvent = (type: "Normal" | "Warning", reason: string, text: string) => void;

/** `waiting`: for its turn; `starting`: its postStart hook runs; `backoff`: ended, and to be started again. */
export type Stage = "waiting" | "starting" | "running" | "backoff" | "ended";

/** One container of a pod on its machine, through all of its runs. */
export class ContainerLife {
  readonly container: Container;
  readonly role: Role;
  readonly #context: LifeContext;
  #stage: Stage = "waiting";
  /** While its present run is being stopped. */
  #stopping: ContainerStop | undefined;
  /** Set while it must not be started again. */
  #isLast = false;
  #startedAt = "";
  #startedMs = 0;
  #restartCount = 0;
  /** The pause before the last start; undefined before it has been started again. */
  #backoffMs: number | undefined;
  /** Of the run that the stages `backoff` and `ended` are after. */
  #ending: Ending | undefined;
  /** Of the run before the present one. */
  #previous: Ending | undefined;
  /** Made when there is something to wait for. */
  #timer: PausableTimer | undefined;
  /** While something is not there that it needs to start. */
  #preparation: Preparation | undefined;
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
    return backoffText(this.#context.pod, this.container.name, this.#backoffMs ?? 0);
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
    if (this.#preparation !== undefined) return;
    if (isPrepared(this.#context, this.container)) {
      this.#begin();
      return;
    }
    const record: RecordEvent = (...event) => this.#record(...event);
    this.#preparation = new Preparation(this.#context, this.container, record, () => this.#beginLate());
    this.#preparation.proceed();
  }

  #beginLate(): void {
    this.#preparation = undefined;
    this.#begin();
    this.#context.moved();
  }

  /** Why it cannot be started now. */
  get obstacle(): Obstacle | undefined {
    return this.#preparation?.obstacle;
  }

  #record(type: "Normal" | "Warning", reason: string, text: string): void {
    this.#context.record(type, reason, text, this.#fieldPath);
  }

  get #fieldPath(): string {
    return fieldPathOf(this.role === "main" ? "containers" : "initContainers", this.container.name);
  }

  /** With a postStart hook it runs once that is over. */
  #begin(): void {
    const { clock, pod } = this.#context;
    this.#startedAt = secondText(clock.now());
    this.#startedMs = clock.monotonicMs();
    recordCreation(this.#context, this.container, this.#fieldPath);
    this.#record("Normal", "Started", `Started container ${this.container.name}`);
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
    this.#record("Warning", "FailedPostStartHook", "PostStartHook failed");
    this.#record("Normal", "Killing", "FailedPostStartHook");
    this.#stage = "running";
    this.#killGracefully();
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
    this.#probes = undefined;
    if (this.role === "init" || !hasProbes(pod, this.container)) return;
    this.#probes = startProbes(clock, pod, this.container, this.role, elapsedMs, {
      podIP,
      record: (...event) => this.#record(...event),
      changed: () => this.#context.moved(),
      kill: (graceS) => this.#killGracefully(graceS),
    });
    if (!isActive) this.#probes.pause();
  }

  /** Stops this run within a grace period of its own: that of the pod, unless another is given. */
  #killGracefully(graceS = podGraceS(this.#context.pod)): void {
    if (!this.isAlive || this.#stopping !== undefined) return;
    this.#timer?.clear();
    this.#stopping = this.#newStop({ hasHook: true, waitsForTurn: false, graceMs: graceS * 1_000 });
  }

  #newStop(how: Pick<StopPlan, "hasHook" | "waitsForTurn" | "graceMs">): ContainerStop {
    return new ContainerStop(this.#context, this.container, {
      record: (...event) => this.#record(...event),
      after: (delayMs, action) => this.#after(delayMs, action),
      end: (code) => this.end(code),
      ...how,
    });
  }

  /** The annotations say something else now: it holds from the start of the container on. */
  changeBehaviour(): void {
    this.#preparation?.proceed();
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
    if (this.#backoffMs === 0) {
      this.#startAgain();
      return;
    }
    this.#after(this.#backoffMs, () => {
      this.#startAgain();
      this.#context.moved();
    });
    const { pod } = this.#context;
    this.#record("Warning", "BackOff", backoffEventText(pod, this.container.name));
  }

  #startAgain(): void {
    this.#restartCount++;
    this.#previous = this.#ending;
    this.#ending = undefined;
    this.#stage = "waiting";
    this.start();
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
    this.#preparation?.stop();
    if (this.#stage === "backoff") {
      this.#clearTimers();
      this.#stage = "ended";
    }
    if (!this.isAlive || this.#stopping !== undefined) return;
    const { name } = this.container;
    this.#record("Normal", "Killing", `Stopping container ${name}`);
    const hasHook = this.#stage === "running";
    this.#stage = "running";
    this.#timer?.clear();
    this.#stopping = this.#newStop({ hasHook, waitsForTurn: true, graceMs: undefined });
  }

  /** All that are to end before it have ended. */
  giveTurn(): void {
    this.#stopping?.giveTurn();
  }

  /** The grace period is over. */
  hurry(): void {
    if (this.isAlive) this.#stopping?.hurry();
  }

  kill(): void {
    this.#isLast = true;
    this.end(SIGKILL_EXIT_CODE);
  }

  pause(): void {
    this.#timer?.pause();
    this.#preparation?.pause();
    this.#probes?.pause();
  }

  resume(): void {
    this.#timer?.resume();
    this.#preparation?.resume();
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
    this.#preparation?.stop();
    this.#preparation = undefined;
    this.#probes?.stop();
    this.#probes = undefined;
  }

  #endingOf(code: number, reason: string, startedAt: string): Ending {
    return { exitCode: code, reason, startedAt, finishedAt: secondText(this.#context.clock.now()) };
  }
}
