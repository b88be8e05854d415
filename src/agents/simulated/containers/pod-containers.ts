import type { Pod } from "../../../api/kinds/pod.ts";
import { ContainerLife, type LifeContext } from "./container-life.ts";
import { roleOfInit } from "./role.ts";

const NONE: readonly ContainerLife[] = Object.freeze([]);

/**
 * The containers of a pod on its machine. Init containers run one after the other, a sidecar makes way for the next
 * once it has started; then all others start. They are stopped the other way round: sidecars last.
 */
export class PodContainers {
  readonly init: readonly ContainerLife[];
  readonly main: readonly ContainerLife[];
  readonly #all: readonly ContainerLife[];
  #isInitialized: boolean;

  constructor({ spec }: Pod, context: LifeContext) {
    this.main = spec.containers.map((container) => new ContainerLife(container, "main", context));
    this.init =
      spec.initContainers?.map((each) => new ContainerLife(each, roleOfInit(each), context)) ?? NONE;
    this.#all = this.init.length === 0 ? this.main : [...this.init, ...this.main];
    this.#isInitialized = this.init.length === 0;
  }

  /** True from when the init containers have done their work on. */
  get isInitialized(): boolean {
    return this.#isInitialized;
  }

  /** Takes over what the API says of them; `isLost`: their machine has crashed. */
  adopt({ status }: Pod, isLost: boolean): void {
    const shown = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    if (shown.length === 0) return;
    for (const life of this.#all) {
      const own = shown.find(({ name }) => name === life.container.name);
      if (own !== undefined) life.adopt(own, isLost);
    }
    if (!isLost && this.main.some(({ stage }) => stage !== "waiting")) this.#isInitialized = true;
  }

  /** Starts what can be started now. */
  advance(): void {
    if (!this.#isInitialized && !this.#initialize()) return;
    // Sidecars that were in back-off when the agent was restarted.
    for (const life of this.init) if (life.stage === "waiting") life.start();
    for (const life of this.main) {
      if (life.stage === "waiting") life.start();
      // The next one starts when the hook of this one has run.
      if (life.stage === "starting") return;
    }
  }

  /** Returns whether that is done. */
  #initialize(): boolean {
    for (const life of this.init) {
      if (life.stage === "waiting") life.start();
      const isDone = life.role === "sidecar" ? life.isStarted : life.isReady;
      if (!isDone) return false;
    }
    this.#isInitialized = true;
    return true;
  }

  /** True when what the pod is there for will not go on: its containers, or an init container, have ended for good. */
  get isDecided(): boolean {
    return this.main.every(isEnded) || this.init.some((life) => isEnded(life) && !life.isReady);
  }

  get isOver(): boolean {
    return this.#all.every(isOver);
  }

  /** True while a container is there that has been started. */
  get isAlive(): boolean {
    return this.#all.some(isAlive);
  }

  /** True while some are to be started. */
  get isWaiting(): boolean {
    return this.#all.some(isWaiting);
  }

  get isProbed(): boolean {
    return this.#all.some(isProbed);
  }

  /** How long stopping them takes at most. */
  get stopMs(): number {
    let totalMs = 0;
    for (const life of this.#all) totalMs += life.stopMs;
    return totalMs;
  }

  /** Begins to stop all of them for good. */
  stop(): void {
    for (const life of this.#all) life.stop();
    this.passTurn();
  }

  /** Tells those to end that are not to wait for others. */
  passTurn(): void {
    for (const life of this.main) life.giveTurn();
    if (!this.main.every(isOver)) return;
    this.init.findLast((life) => !life.isOver)?.giveTurn();
  }

  /** The grace period is over. */
  hurry(): void {
    for (const life of this.#all) life.hurry();
  }

  kill(): void {
    for (const life of this.#all) life.kill();
  }

  changeBehaviour(): void {
    for (const life of this.#all) life.changeBehaviour();
  }

  /** The process of a container has ended it. */
  end(name: string, code: number): void {
    for (const life of this.#all) if (life.container.name === name) life.end(code);
  }

  pause(): void {
    for (const life of this.#all) life.pause();
  }

  resume(): void {
    for (const life of this.#all) life.resume();
  }

  forget(): void {
    for (const life of this.#all) life.forget();
  }
}

const isWaiting = ({ stage }: ContainerLife) => stage === "waiting";
const isEnded = ({ stage }: ContainerLife) => stage === "ended";
const isOver = (life: ContainerLife) => life.isOver;
const isAlive = (life: ContainerLife) => life.isAlive;
const isProbed = (life: ContainerLife) => life.isProbed;
