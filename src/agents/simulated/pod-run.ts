import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { podCondition } from "../../api/kinds/pod-condition.ts";
import type { Clock } from "../../clock/clock.ts";
import { saysTheSame } from "./containers/annotations.ts";
import type { LifeContext } from "./containers/container-life.ts";
import { PodContainers } from "./containers/pod-containers.ts";
import { referencesOfVolumes } from "./containers/references.ts";
import { BEHAVIOUR, deletionGraceS, podGraceS, startDelayMs } from "./containers/timing.ts";
import { ReferenceWait } from "./containers/wait-for-references.ts";
import { EphemeralEndings, recordStarts, unstartedEphemerals } from "./ephemeral-containers.ts";
import { GracePeriod } from "./grace-period.ts";
import type { Host } from "./host.ts";
import type { Rejection } from "./node-room.ts";
import { Observers } from "./observers.ts";
import { PausableTimer } from "./pausable-timer.ts";
import { DEADLINE_EXCEEDED, PodDeadline } from "./pod-deadline.ts";
import type { PodPlace } from "./pod-place.ts";
import { reportGone, reportStatus } from "./pod-report.ts";
import { asksForTheSame, PodResize, wasResized } from "./pod-resize.ts";
import type { Stage } from "./pod-stage.ts";
import { type PodView, podStatus, rejectedStatus } from "./pod-status.ts";
import { areGatesAlike } from "./readiness-gates.ts";
import { Writer } from "./writer.ts";

/** Longer starts are shown as ContainerCreating; for shorter ones the write is not worth it. */
const SHOWN_START_MS = 1_000;

/** One pod on one simulated machine, from its binding to its end. */
export class PodRun implements LifeContext {
  #pod: Pod;
  readonly #place: PodPlace;
  readonly #timer: PausableTimer;
  readonly #grace: GracePeriod;
  readonly #writer: Writer;
  #stage: Stage = "new";
  /** True after a crash: containers that had been started are gone and have to start again. */
  #isMemoryLost: boolean;
  #podIP = "";
  /** From the pod's start on this machine to its end. */
  #containers: PodContainers | undefined;
  /** While a ConfigMap or Secret is looked for that its volumes are made of. */
  #references: ReferenceWait | undefined;
  /** Of a pod with activeDeadlineSeconds. */
  #deadline: PodDeadline | undefined;
  #isOverdue = false;
  /** Why the machine has not let it in. */
  #rejection: Rejection | undefined;
  /** Made when the pod is resized. */
  #resize: PodResize | undefined;
  /** Made when an ephemeral container ends. */
  #ephemeral: EphemeralEndings | undefined;
  /** Told when the pod changes; made when somebody follows it. */
  #observers: Observers | undefined;

  constructor(pod: Pod, place: PodPlace, isMemoryLost: boolean) {
    this.#pod = pod;
    this.#place = place;
    this.#isMemoryLost = isMemoryLost;
    this.#timer = new PausableTimer(place.host.clock);
    this.#grace = new GracePeriod(this.#timer);
    this.#writer = new Writer(place.host, () =>
      this.#stage === "removed" ? this.#remove() : this.#writeStatus(),
    );
  }

  /** The pod as the API last showed it. */
  get pod(): Pod {
    return this.#pod;
  }

  get podIP(): string {
    return this.#podIP;
  }

  get host(): Host {
    return this.#place.host;
  }

  get clock(): Clock {
    return this.#place.host.clock;
  }

  get images(): Set<string> {
    return this.#place.images;
  }

  get isActive(): boolean {
    return this.#place.isActive;
  }

  /** True while containers run, also while they are being stopped; the machine's own state is not looked at. */
  get hasContainers(): boolean {
    return this.#containers?.isAlive === true;
  }

  /** False once the pod has left the machine. */
  get isHere(): boolean {
    return this.#stage !== "dropped";
  }

  /** Calls back when the pod changes or leaves, until the function that it returns is called. */
  observe(callback: () => void): () => void {
    this.#observers ??= new Observers();
    return this.#observers.add(callback);
  }

  /** Takes over what the API says now. */
  update(pod: Pod): void {
    const before = this.#pod;
    this.#pod = pod;
    this.proceed();
    if (!saysTheSame(before, pod, BEHAVIOUR)) this.#changeBehaviour();
    if (this.#containers !== undefined && !asksForTheSame(before.spec, pod.spec)) this.retryResize(before);
    if (pod.spec.activeDeadlineSeconds !== before.spec.activeDeadlineSeconds) this.#armDeadline();
    if (unstartedEphemerals(pod).length > 0 || !areGatesAlike(before, pod)) this.#writer.request();
    const graceS = pod.metadata.deletionGracePeriodSeconds;
    if (this.#stage === "stopping" && graceS !== before.metadata.deletionGracePeriodSeconds) {
      this.#grace.shorten(this.#containers, graceS ?? 0);
    }
    this.#observers?.tell();
  }

  /** Asks the machine for what the pod is to have now. @param before given when it asks for something else now */
  retryResize(before?: Pod): void {
    if (before !== undefined) this.#resize ??= new PodResize(before);
    if (this.#resize?.ask(this.#pod, this.#place)) this.#writer.request();
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
    this.#deadline?.pause();
    this.#references?.pause();
    this.#containers?.pause();
  }

  /** The machine is back: goes on, and tells the API again how things stand. */
  resume(): void {
    const isFirstSight = this.#stage === "new";
    this.#timer.resume();
    this.#deadline?.resume();
    this.#references?.resume();
    this.#containers?.resume();
    this.proceed();
    this.retryResize();
    if (!isFirstSight && this.#stage !== "starting") this.#writer.request();
  }

  /** The machine has crashed: what ran is lost. */
  lose(): void {
    this.#forgetContainers();
    this.#stage = "new";
    this.#isMemoryLost = true;
    this.#observers?.tell();
  }

  /** The pod is not this machine's any more: its containers end without a word. */
  drop(): void {
    this.#forgetContainers();
    this.#stage = "dropped";
    this.#observers?.tell();
  }

  #forgetContainers(): void {
    this.#timer.clear();
    this.#deadline?.clear();
    this.#references?.stop();
    this.#containers?.forget();
    this.#containers = undefined;
  }

  #begin(): void {
    const { status } = this.#pod;
    const rejection = this.#place.admit(this.#pod);
    if (rejection !== undefined) {
      this.#reject(rejection);
      return;
    }
    this.#podIP = status.podIP ?? this.#place.addressFor(this.#pod);
    this.#armDeadline();
    const containers = new PodContainers(this.#pod, this);
    this.#containers = containers;
    if (wasResized(this.#pod)) this.retryResize(this.#pod);
    containers.adopt(this.#pod, this.#isMemoryLost);
    if (this.#isMemoryLost && this.#pod.spec.ephemeralContainers !== undefined) {
      this.#ephemerals.lose(this.#pod, this.clock.now());
    }
    if (containers.isAlive || !containers.isWaiting) {
      this.#stage = "running";
      if (containers.isProbed || podCondition(this.#pod, "Ready")?.status !== "True") this.#writer.request();
    }
    if (containers.isDecided) this.moved();
    else if (containers.isWaiting) this.#startLater();
  }

  /** Told after as long as a start takes, so that who makes another pod at once does not run in circles. */
  #reject(rejection: Rejection): void {
    this.#stage = "ended";
    this.#timer.set(startDelayMs(this.#pod) || 1, () => {
      this.#rejection = rejection;
      this.record("Warning", rejection.reason, rejection.message);
      this.#writer.request();
    });
  }

  /** Made for pods that have a deadline. */
  #armDeadline(): void {
    if (this.#deadline === undefined && this.#pod.spec.activeDeadlineSeconds === undefined) return;
    this.#deadline ??= new PodDeadline(this.clock, () => this.#exceed());
    this.#deadline.arm(this.#pod);
  }

  #exceed(): void {
    const containers = this.#containers;
    if (containers === undefined || (this.#stage !== "starting" && this.#stage !== "running")) return;
    this.record("Normal", DEADLINE_EXCEEDED.reason, DEADLINE_EXCEEDED.message);
    this.#isOverdue = true;
    this.#timer.clear();
    this.#references?.stop();
    this.#finish(containers);
    this.#writer.request();
  }

  #startLater(): void {
    const delayMs = startDelayMs(this.#pod);
    if (this.#stage === "new") this.#stage = "starting";
    this.#timer.set(delayMs, () => this.#start());
    const isShown = this.#pod.status.containerStatuses !== undefined;
    if (delayMs >= SHOWN_START_MS && !isShown) this.#writer.request();
  }

  /** The first container starts once the volumes are there. */
  #start(): void {
    const { host } = this.#place;
    const references = host.checksReferences ? referencesOfVolumes(this.#pod) : [];
    if (references.length === 0) {
      this.#run();
      return;
    }
    const report = (problem: string) => {
      this.record("Warning", "FailedMount", problem);
      this.#writer.request();
    };
    this.#references = new ReferenceWait(host, this.#pod, references, report, () => this.#run());
  }

  #run(): void {
    this.#references = undefined;
    this.#stage = "running";
    this.#isMemoryLost = false;
    this.moved();
  }

  /** Something has changed in a container: goes on with what waits for it. */
  moved(): void {
    const containers = this.#containers;
    if (containers === undefined) return;
    if (this.#stage === "running") {
      if (containers.isDecided) this.#finish(containers);
      else containers.advance();
    } else {
      containers.passTurn();
      if (containers.isOver && this.#stage === "ending") this.#stage = "ended";
      if (containers.isOver && this.#stage === "stopping") this.#confirm();
    }
    this.#writer.request();
  }

  /** What the pod is there for is over: sidecars are stopped, then the pod is over. */
  #finish(containers: PodContainers): void {
    this.#stage = "ending";
    const longestMs = containers.stopMs;
    containers.stop();
    if (containers.isOver) this.#stage = "ended";
    else this.#grace.limit(containers, longestMs, podGraceS(this.#pod));
  }

  /** The annotations say something else now. */
  #changeBehaviour(): void {
    if (this.#stage !== "running") return;
    this.#containers?.changeBehaviour();
    this.#writer.request();
  }

  /** A process of the container has ended it, or killed it. */
  endContainer(name: string, code: number): void {
    if (!this.#place.isActive) return;
    if (this.#ephemerals.end(this.#pod, name, code, this.clock.now())) this.#writer.request();
    else if (this.#stage === "running") this.#containers?.end(name, code);
  }

  get #ephemerals(): EphemeralEndings {
    this.#ephemeral ??= new EphemeralEndings();
    return this.#ephemeral;
  }

  /** The API says it is over. */
  #settle(): void {
    this.#forgetContainers();
    this.#stage = "ended";
  }

  #stop(): void {
    if (this.#stage === "stopping") return;
    const isFirstSight = this.#stage === "new";
    if (isFirstSight && !this.#isMemoryLost) this.#find();
    const containers = this.#containers;
    this.#stage = "stopping";
    this.#timer.clear();
    this.#references?.stop();
    if (containers === undefined) {
      this.#confirm();
      return;
    }
    const longestMs = containers.stopMs;
    containers.stop();
    const now = isFirstSight ? this.clock.now() : undefined;
    if (containers.isOver) this.#confirm();
    else this.#grace.limit(containers, longestMs, deletionGraceS(this.#pod, now));
  }

  /** The agent was restarted while the pod was being stopped: its containers are still there. */
  #find(): void {
    this.#containers = new PodContainers(this.#pod, this);
    this.#containers.adopt(this.#pod, false);
  }

  #confirm(): void {
    this.#timer.clear();
    this.#stage = "removed";
    this.#writer.request();
  }

  async #writeStatus(): Promise<void> {
    const status = this.#status();
    if (!this.#place.isActive || status === undefined) return;
    const added = unstartedEphemerals(this.#pod);
    await this.#report(status);
    if (added.length > 0) recordStarts(this, added);
  }

  #status(): Pod["status"] | undefined {
    if (isFinished(this.#pod)) return undefined;
    const now = this.clock.now();
    if (this.#rejection !== undefined) return rejectedStatus(this.#pod, this.#rejection, now);
    const view = this.#view();
    return view && podStatus(this.#pod, view, now);
  }

  record(type: "Normal" | "Warning", reason: string, text: string, fieldPath?: string): void {
    const { host, nodeName } = this.#place;
    host.recorder.record(this.#pod, type, reason, text, { host: nodeName, fieldPath });
  }

  async #remove(): Promise<void> {
    if (!this.#place.isActive) return;
    const { finalizers = [] } = this.#pod.metadata;
    const containers = this.#containers;
    if (finalizers.length > 0 && containers !== undefined && !isFinished(this.#pod)) {
      await this.#report(podStatus(this.#pod, this.#viewOf(containers, true), this.clock.now()));
    }
    await reportGone(this.#place.host.objects, this.#pod);
  }

  #report(status: Pod["status"]): Promise<void> {
    return reportStatus(this.#place.host.objects, this.#pod, status).then(({ pod, isWritten }) => {
      if (pod === undefined) return;
      this.#pod = pod;
      if (!isWritten) this.#writer.request();
    });
  }

  #view(): PodView | undefined {
    const containers = this.#containers;
    if (containers === undefined) return undefined;
    if (this.#stage === "stopping" && containers.isOver) return undefined;
    return this.#viewOf(containers, this.#stage === "ended");
  }

  #viewOf(containers: PodContainers, isOver: boolean): PodView {
    const ephemeral = this.#pod.spec.ephemeralContainers && (this.#ephemeral ?? EphemeralEndings.NONE);
    const hostIP = this.#place.address;
    const hasSandbox = this.#stage !== "starting";
    const resize = this.#resize;
    const view = { hostIP, podIP: this.#podIP, hasSandbox, isOver, containers, ephemeral, resize };
    return this.#isOverdue ? { ...view, failure: DEADLINE_EXCEEDED } : view;
  }
}
