import { isReason } from "../../api/errors.ts";
import { isFinished, type Pod, pods } from "../../api/kinds/pod.ts";
import { podCondition } from "../../api/kinds/pod-condition.ts";
import { keyOf } from "../../api/meta.ts";
import { type Ending, secondText } from "./container-state.ts";
import { type EphemeralEnding, runningEphemerals, unstartedEphemerals } from "./ephemeral-containers.ts";
import type { Host } from "./host.ts";
import { PausableTimer } from "./pausable-timer.ts";
import { podOfUid } from "./pod-lookup.ts";
import { type ContainersView, podStatus } from "./pod-status.ts";
import { exitCode, runDurationMs, startDelayMs, stopDelayMs } from "./pod-timing.ts";
import { behavesAlike } from "./probes/behaviour.ts";
import type { ProbeWatch } from "./probes/probe-watch.ts";
import { startProbes } from "./probes/start-probes.ts";
import {
  backoffEventText,
  backoffOfRestart,
  backoffText,
  nextBackoffMs,
  restarts,
} from "./restart-policy.ts";
import { Writer } from "./writer.ts";

/** Longer starts are shown as ContainerCreating; for shorter ones the write is not worth it. */
const SHOWN_START_MS = 1_000;

/** What a shell reports for a process that ended by SIGTERM. */
const SIGTERM_EXIT_CODE = 143;

const NO_ENDINGS: ReadonlyMap<string, EphemeralEnding> = new Map();

/** The machine that a pod runs on, as far as the pod needs to know it. */
export interface PodPlace {
  readonly host: Host;
  readonly nodeName: string;
  readonly address: string;
  /** False while the machine is hung or crashed, or not yet sure which pods are its own: nothing may happen. */
  readonly isActive: boolean;
}

type Stage =
  | "new"
  | "starting"
  | "running"
  | "waiting" // for the next start, in back-off
  | "stopping"
  | "ended"
  | "removed" // stopped because it was deleted; the API is told
  | "dropped"; // not this machine's any more

/** One pod on one simulated machine, from its binding to its end. */
export class PodRun {
  #pod: Pod;
  readonly #place: PodPlace;
  readonly #timer: PausableTimer;
  readonly #writer: Writer;
  #stage: Stage = "new";
  /** True after a crash: containers that had been started are gone and have to start again. */
  #isMemoryLost: boolean;
  #podIP = "";
  #startedAt = "";
  #startedMs = 0;
  #restartCount = 0;
  #backoffMs = 0;
  #ending: Ending | undefined;
  /** Of the run of containers; undefined where probes have no say. */
  #probes: ProbeWatch | undefined;
  /** How ephemeral containers ended, by name; made when one does. */
  #ephemeralEndings: Map<string, EphemeralEnding> | undefined;
  /** Told when the pod changes; made when somebody follows it. */
  #observers: Set<() => void> | undefined;

  constructor(pod: Pod, place: PodPlace, isMemoryLost: boolean) {
    this.#pod = pod;
    this.#place = place;
    this.#isMemoryLost = isMemoryLost;
    this.#timer = new PausableTimer(place.host.clock);
    this.#writer = new Writer(place.host, () =>
      this.#stage === "removed" ? this.#remove() : this.#writeStatus(),
    );
  }

  /** The pod as the API last showed it. */
  get pod(): Pod {
    return this.#pod;
  }

  /** True while containers run, also while they are being stopped; the machine's own state is not looked at. */
  get hasContainers(): boolean {
    return this.#stage === "running" || (this.#stage === "stopping" && this.#startedAt !== "");
  }

  /** False once the pod has left the machine. */
  get isHere(): boolean {
    return this.#stage !== "dropped";
  }

  /** Calls back when the pod changes or leaves, until the function that it returns is called. */
  observe(callback: () => void): () => void {
    this.#observers ??= new Set();
    this.#observers.add(callback);
    return () => void this.#observers?.delete(callback);
  }

  /** Takes over what the API says now. */
  update(pod: Pod): void {
    const before = this.#pod;
    this.#pod = pod;
    this.proceed();
    if (!behavesAlike(before, pod)) this.#changeBehaviour();
    if (unstartedEphemerals(pod).length > 0) this.#writer.request();
    this.#tell();
  }

  /** Does what is to be done now, when the machine can. Idempotent. */
  proceed(): void {
    if (!this.#place.isActive || this.#stage === "removed" || this.#stage === "dropped") return;
    if (this.#pod.metadata.deletionTimestamp !== undefined) this.#stop();
    else if (isFinished(this.#pod)) this.#settle();
    else if (this.#stage === "new") this.#begin();
  }

  /** The machine hangs: time stands still for the pod. */
  freeze(): void {
    this.#timer.pause();
    this.#probes?.pause();
  }

  /** The machine is back: goes on, and tells the API again how things stand. */
  resume(): void {
    const isFirstSight = this.#stage === "new";
    this.#timer.resume();
    this.#probes?.resume();
    this.proceed();
    if (!isFirstSight && this.#stage !== "starting") this.#writer.request();
  }

  /** The machine has crashed: what ran is lost. */
  lose(): void {
    this.#clearTimers();
    this.#stage = "new";
    this.#startedAt = "";
    this.#isMemoryLost = true;
  }

  /** The pod is not this machine's any more: its containers end without a word. */
  drop(): void {
    this.#clearTimers();
    this.#stage = "dropped";
    this.#tell();
  }

  #clearTimers(): void {
    this.#timer.clear();
    this.#probes?.stop();
  }

  #tell(): void {
    if (this.#observers === undefined) return;
    for (const observer of [...this.#observers]) observer();
  }

  #begin(): void {
    const { status } = this.#pod;
    this.#podIP = status.podIP ?? this.#newAddress();
    const shown = status.containerStatuses?.[0];
    const { running, terminated } = shown?.state ?? {};
    if (shown !== undefined && shown.state.waiting?.reason !== "ContainerCreating") {
      this.#restartCount = shown.restartCount;
      this.#backoffMs = backoffOfRestart(shown.restartCount);
      const { terminated: last } = shown.lastState;
      this.#ending = last ?? terminated;
      if (running !== undefined && !this.#isMemoryLost) {
        this.#adopt(running.startedAt);
        return;
      }
      if (running !== undefined) this.#ending = this.#ended(255, "Unknown", running.startedAt);
      for (const name of runningEphemerals(this.#pod)) this.#endEphemeral(name, 255, "Unknown");
      this.#restartCount++;
    }
    const delayMs = startDelayMs(this.#pod);
    this.#stage = "starting";
    this.#timer.set(delayMs, () => this.#start());
    if (delayMs >= SHOWN_START_MS && shown === undefined) this.#writer.request();
  }

  /** The agent was restarted, the machine was not: the containers have gone on meanwhile. */
  #adopt(startedAt: string): void {
    const { clock } = this.#place.host;
    const elapsedMs = Math.max(0, clock.now() - Date.parse(startedAt));
    this.#stage = "running";
    this.#startedAt = startedAt;
    this.#startedMs = clock.monotonicMs() - elapsedMs;
    this.#armEnd(elapsedMs);
    this.#startProbes(elapsedMs);
    if (this.#probes !== undefined || podCondition(this.#pod, "Ready")?.status !== "True")
      this.#writer.request();
  }

  #start(): void {
    const { clock } = this.#place.host;
    this.#stage = "running";
    this.#isMemoryLost = false;
    this.#startedAt = secondText(clock.now());
    this.#startedMs = clock.monotonicMs();
    this.#armEnd(0);
    this.#startProbes(0);
    this.#writer.request();
    this.#eachContainer("Normal", "Started", (name) => `Started container ${name}`);
  }

  #startProbes(elapsedMs: number): void {
    this.#probes?.stop();
    this.#probes = startProbes(this.#place.host.clock, this.#pod, elapsedMs, {
      podIP: this.#podIP,
      record: (...event) => this.#record(...event),
      changed: () => this.#writer.request(),
      end: (code) => this.#end(code),
    });
    if (!this.#place.isActive) this.#probes?.pause();
  }

  /** The annotations say something else now: it holds from the start of the containers on. */
  #changeBehaviour(): void {
    if (this.#stage !== "running") return;
    this.#startProbes(this.#place.host.clock.monotonicMs() - this.#startedMs);
    this.#writer.request();
  }

  /** A process of the container has ended it, or killed it; all but ephemeral ones end together. */
  endContainer(name: string, code: number): void {
    if (!this.#place.isActive) return;
    if (runningEphemerals(this.#pod).includes(name)) {
      this.#endEphemeral(name, code, code === 0 ? "Completed" : "Error");
      this.#writer.request();
      return;
    }
    if (this.#stage === "running") this.#end(code);
  }

  #endEphemeral(name: string, exitCode: number, reason: string): void {
    this.#ephemeralEndings ??= new Map();
    const finishedAt = secondText(this.#place.host.clock.now());
    if (!this.#ephemeralEndings.has(name)) this.#ephemeralEndings.set(name, { exitCode, reason, finishedAt });
  }

  #armEnd(elapsedMs: number): void {
    const durationMs = runDurationMs(this.#pod);
    if (durationMs === undefined) return;
    this.#timer.set(Math.max(0, durationMs - elapsedMs), () => this.#end(exitCode(this.#pod)));
  }

  #end(code: number): void {
    this.#clearTimers();
    const ending = this.#ended(code, code === 0 ? "Completed" : "Error", this.#startedAt);
    this.#ending = ending;
    this.#startedAt = "";
    if (!restarts(this.#pod, code)) {
      this.#stage = "ended";
    } else {
      const ranMs = this.#place.host.clock.monotonicMs() - this.#startedMs;
      this.#stage = "waiting";
      this.#backoffMs = nextBackoffMs(this.#backoffMs, ranMs);
      this.#timer.set(this.#backoffMs, () => {
        this.#restartCount++;
        this.#start();
      });
      this.#eachContainer("Warning", "BackOff", (name) => backoffEventText(this.#pod, name));
    }
    this.#writer.request();
  }

  /** The API says it is over. */
  #settle(): void {
    this.#clearTimers();
    this.#stage = "ended";
  }

  #stop(): void {
    if (this.#stage === "stopping") return;
    const isRunning = this.#stage === "running";
    this.#stage = "stopping";
    if (!isRunning) {
      this.#confirm();
      return;
    }
    this.#eachContainer("Normal", "Killing", (name) => `Stopping container ${name}`);
    this.#timer.set(stopDelayMs(this.#pod), () => this.#confirm());
  }

  #confirm(): void {
    this.#clearTimers();
    if (this.#startedAt !== "") this.#ending = this.#ended(SIGTERM_EXIT_CODE, "Error", this.#startedAt);
    this.#startedAt = "";
    this.#stage = "removed";
    this.#writer.request();
  }

  async #writeStatus(): Promise<void> {
    const { host, isActive } = this.#place;
    const view = this.#view();
    if (!isActive || view === undefined) return;
    const added = unstartedEphemerals(this.#pod);
    await this.#update(podStatus(this.#pod, view, host.clock.now()));
    if (added.length === 0) return;
    const left = unstartedEphemerals(this.#pod);
    for (const name of added)
      if (!left.includes(name)) this.#record("Normal", "Started", `Started container ${name}`);
  }

  #record(type: "Normal" | "Warning", reason: string, text: string): void {
    const { host, nodeName } = this.#place;
    host.recorder.record(this.#pod, type, reason, text, nodeName);
  }

  /** Tells the API that the containers are gone: the deletion that it has been waiting for. */
  async #remove(): Promise<void> {
    const { host, isActive } = this.#place;
    if (!isActive) return;
    const { uid, finalizers = [] } = this.#pod.metadata;
    const ending = this.#ending;
    if (finalizers.length > 0 && ending !== undefined && !isFinished(this.#pod)) {
      const view = { ...this.#common(), state: { name: "finished", ending } } as const;
      await this.#update(podStatus(this.#pod, view, host.clock.now()));
    }
    try {
      await host.objects.delete(pods, keyOf(this.#pod), { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
    }
  }

  async #update(status: Pod["status"]): Promise<void> {
    const { objects } = this.#place.host;
    const { uid } = this.#pod.metadata;
    try {
      this.#pod = await objects.update(pods, { ...this.#pod, status }, { subresource: "status" });
    } catch (error) {
      if (isReason(error, "NotFound")) return;
      if (!isReason(error, "Conflict")) throw error;
      const now = await podOfUid(objects, keyOf(this.#pod), uid);
      if (now === undefined) return;
      this.#pod = now;
      this.#writer.request();
    }
  }

  #view(): ContainersView | undefined {
    switch (this.#stage) {
      case "starting":
        return { ...this.#common(), state: { name: "creating" } };
      case "running":
        return {
          ...this.#common(),
          state: { name: "running", startedAt: this.#startedAt, probes: this.#probes },
        };
      case "waiting":
        return {
          ...this.#common(),
          state: { name: "waiting", message: (name) => backoffText(this.#pod, name, this.#backoffMs) },
        };
      case "ended": {
        const ending = this.#ending;
        if (ending === undefined || isFinished(this.#pod)) return undefined;
        return { ...this.#common(), lastEnding: undefined, state: { name: "finished", ending } };
      }
      default:
        return undefined;
    }
  }

  #common() {
    const hostIP = this.#place.address;
    const ephemeral = this.#pod.spec.ephemeralContainers && (this.#ephemeralEndings ?? NO_ENDINGS);
    const common = { hostIP, podIP: this.#podIP, restartCount: this.#restartCount };
    return { ...common, lastEnding: this.#ending, ephemeral };
  }

  #ended(code: number, reason: string, startedAt: string): Ending {
    return { exitCode: code, reason, startedAt, finishedAt: secondText(this.#place.host.clock.now()) };
  }

  #newAddress(): string {
    return this.#pod.spec.hostNetwork === true ? this.#place.address : this.#place.host.addresses.nextPod();
  }

  #eachContainer(type: "Normal" | "Warning", reason: string, text: (containerName: string) => string): void {
    for (const { name } of this.#pod.spec.containers) this.#record(type, reason, text(name));
  }
}
