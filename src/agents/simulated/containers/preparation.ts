import type { Container } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import { PausableTimer } from "../pausable-timer.ts";
import { annotationOf } from "./annotations.ts";
import type { LifeContext, RecordEvent } from "./container-life.ts";
import { referencesOfEnvironment } from "./references.ts";
import { longerBackoffMs } from "./restart-policy.ts";
import { ReferenceWait } from "./wait-for-references.ts";

/** Why a container cannot be started yet: the reason and message of its waiting state. */
export interface Obstacle {
  readonly reason: "ErrImagePull" | "ImagePullBackOff" | "CreateContainerConfigError";
  readonly message: string;
}

/** A pull that has just failed is shown so long before the wait for the next one is. */
const SHOWN_FAILURE_MS = 2_000;

/** Whether the container can be started without any wait. */
export function isPrepared({ host, pod }: LifeContext, container: Container): boolean {
  if (pullErrorOf(pod, container) !== undefined) return false;
  return !host.checksReferences || referencesOfEnvironment(container).length === 0;
}

/** What is to be there before a container starts: its image, then the ConfigMaps and Secrets its variables are of. */
export class Preparation {
  readonly #context: LifeContext;
  readonly #container: Container;
  readonly #record: RecordEvent;
  readonly #onReady: () => void;
  readonly #timer: PausableTimer;
  #backoffMs = 0;
  #obstacle: Obstacle | undefined;
  #references: ReferenceWait | undefined;

  /** @param onReady is called once, when all is there; possibly before this returns */
  constructor(context: LifeContext, container: Container, record: RecordEvent, onReady: () => void) {
    this.#context = context;
    this.#container = container;
    this.#record = record;
    this.#onReady = onReady;
    this.#timer = new PausableTimer(context.clock);
  }

  get obstacle(): Obstacle | undefined {
    return this.#obstacle;
  }

  /** Tries now, whatever it waits for. */
  proceed(): void {
    if (this.#references !== undefined) return;
    const error = pullErrorOf(this.#context.pod, this.#container);
    if (error === undefined) this.#lookForReferences();
    else this.#failPull(error);
  }

  pause(): void {
    this.#timer.pause();
    this.#references?.pause();
  }

  resume(): void {
    this.#timer.resume();
    this.#references?.resume();
  }

  stop(): void {
    this.#timer.clear();
    this.#references?.stop();
  }

  #failPull(error: string): void {
    const { image = "" } = this.#container;
    this.#record("Normal", "Pulling", `Pulling image "${image}"`);
    this.#record("Warning", "Failed", `Failed to pull image "${image}": ${error}`);
    this.#hold({ reason: "ErrImagePull", message: error });
    this.#backoffMs = longerBackoffMs(this.#backoffMs);
    this.#after(SHOWN_FAILURE_MS, () => this.#backOff(image, error));
  }

  #backOff(image: string, error: string): void {
    const text = `Back-off pulling image "${image}"`;
    this.#record("Normal", "BackOff", text);
    this.#hold({ reason: "ImagePullBackOff", message: `${text}: ErrImagePull: ${error}` });
    this.#after(this.#backoffMs - SHOWN_FAILURE_MS, () => this.proceed());
  }

  #hold(obstacle: Obstacle): void {
    this.#obstacle = obstacle;
    this.#record("Warning", "Failed", `Error: ${obstacle.reason}`);
    this.#context.moved();
  }

  #lookForReferences(): void {
    this.stop();
    const { host, pod } = this.#context;
    const references = host.checksReferences ? referencesOfEnvironment(this.#container) : [];
    if (references.length === 0) {
      this.#onReady();
      return;
    }
    const lacks = (message: string) => {
      this.#obstacle = { reason: "CreateContainerConfigError", message };
      this.#record("Warning", "Failed", `Error: ${message}`);
      this.#context.moved();
    };
    this.#references = new ReferenceWait(host, pod, references, lacks, this.#onReady);
  }

  #after(delayMs: number, action: () => void): void {
    this.#timer.set(delayMs, action);
    if (!this.#context.isActive) this.#timer.pause();
  }
}

/** Why the image cannot be had, where an annotation says so. */
function pullErrorOf(pod: LifeContext["pod"], { name }: Container): string | undefined {
  return annotationOf(pod, name, Annotation.pullError) || undefined;
}
