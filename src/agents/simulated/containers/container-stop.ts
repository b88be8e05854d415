import type { Container } from "../../../api/kinds/pod.ts";
import type { LifeContext, RecordEvent } from "./container-life.ts";
import { SIGKILL_EXIT_CODE, SIGTERM_EXIT_CODE } from "./container-state.ts";
import { preStopMs } from "./hooks.ts";
import { stopDurationMs } from "./timing.ts";

/** What a container is given to end however much of the grace period its hook has used up. */
const LEAST_GRACE_MS = 2_000;

/** How far it has come; `hook`: preStop runs; `turn`: others end before it. */
type Phase = "hook" | "turn" | "told";

/** What the stopping of a run of a container is made of. */
export interface StopPlan {
  /** Where it has not finished starting there is no hook. */
  readonly hasHook: boolean;
  /** Others are to end before it: it waits for `giveTurn`. */
  readonly waitsForTurn: boolean;
  /** Set where nobody else sees to the grace period. */
  readonly graceMs: number | undefined;
  readonly record: RecordEvent;
  after(delayMs: number, action: () => void): void;
  end(exitCode: number): void;
}

/** The stopping of one run of a container: first its preStop hook, then, once it is its turn, it is told to end. */
export class ContainerStop {
  readonly #context: LifeContext;
  readonly #container: Container;
  readonly #plan: StopPlan;
  #phase: Phase;
  #isTurn: boolean;
  #graceMs: number;

  constructor(context: LifeContext, container: Container, plan: StopPlan) {
    this.#context = context;
    this.#container = container;
    this.#plan = plan;
    this.#isTurn = !plan.waitsForTurn;
    this.#graceMs = plan.graceMs ?? Number.POSITIVE_INFINITY;
    const hookMs = plan.hasHook && this.#graceMs > 0 ? preStopMs(context.pod, container) : 0;
    this.#phase = hookMs > 0 ? "hook" : "turn";
    if (hookMs > 0) plan.after(Math.min(hookMs, this.#graceMs), () => this.#hookEnds(hookMs));
    else if (this.#isTurn) this.#tell();
  }

  /** All that are to end before it have ended. */
  giveTurn(): void {
    this.#isTurn = true;
    if (this.#phase === "turn") this.#tell();
  }

  #hookEnds(hookMs: number): void {
    if (hookMs > this.#graceMs) this.#recordCutHook();
    this.#graceMs -= hookMs;
    this.#phase = "turn";
    if (this.#isTurn) this.#tell();
  }

  #tell(): void {
    this.#phase = "told";
    const stopMs = stopDurationMs(this.#context.pod, this.#container);
    const graceMs = Math.max(LEAST_GRACE_MS, this.#graceMs);
    if (stopMs > graceMs) this.#plan.after(graceMs, () => this.#plan.end(SIGKILL_EXIT_CODE));
    else this.#plan.after(stopMs, () => this.#plan.end(SIGTERM_EXIT_CODE));
  }

  /** The grace period is over: who has been told is killed; who has not is told now, with some time left. */
  hurry(): void {
    if (this.#phase === "told") {
      this.#plan.end(SIGKILL_EXIT_CODE);
      return;
    }
    if (this.#phase === "hook") this.#recordCutHook();
    this.#tell();
  }

  #recordCutHook(): void {
    this.#plan.record("Warning", "FailedPreStopHook", "PreStopHook failed");
  }
}
