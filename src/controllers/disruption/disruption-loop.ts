import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { type PodDisruptionBudget, podDisruptionBudgets } from "../../api/kinds/pod-disruption-budget.ts";
import { type KubeObject, keyOf, keyText } from "../../api/meta.ts";
import { controllerOf, refersTo } from "../../api/owner-references.ts";
import { scaleOf } from "../../api/scale.ts";
import type { Timer } from "../../clock/clock.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { SelectedPods } from "../selected-pods.ts";
import { isActive, isReady } from "../workloads/pod-readiness.ts";
import { budgetStatus } from "./budget-status.ts";

/** Changes are gathered for this long. */
const GATHER_MS = 20;
/** A pod whose eviction was allowed and that is still there after this long is not expected to go any more. */
const DISRUPTED_MS = 120_000;

/** The loop of the disruption controller. */
export class DisruptionLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #members: SelectedPods<PodDisruptionBudget>;
  readonly #timers = new Map<string, Timer>();
  readonly #leave: (() => void)[] = [];

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (key) => this.#sync(key));
    this.#members = new SelectedPods({
      allPods: () => context.view.pods.values(),
      selectorOf: ({ spec }) => spec.selector,
      counts: isActive,
      looksSame: (before, after) => isReady(before) === isReady(after),
    });
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    const budgets = await view.follow(podDisruptionBudgets);
    this.#leave.push(
      budgets.join({
        changed: (before, after) => {
          this.#members.ownerChanged(before, after);
          if (after !== undefined) this.#request(keyText(keyOf(after)), GATHER_MS);
        },
      }),
      view.pods.join({
        changed: (before, after) => {
          for (const key of this.#members.podChanged(before, after)) this.#request(key, GATHER_MS);
        },
      }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#work.stop();
  }

  #request(key: string, delayMs: number): void {
    this.#timers.get(key)?.cancel();
    const timer = this.#context.clock.after(delayMs, () => {
      this.#timers.delete(key);
      this.#work.request(key);
    });
    this.#timers.set(key, timer);
  }

  async #sync(key: string): Promise<void> {
    const { objects, clock } = this.#context;
    const found = this.#members.of(key);
    if (found === undefined) return;
    const pods = [...found.pods];
    const scale = await this.#scaleOf(found.owner, pods);
    try {
      const budget = await objects.get(podDisruptionBudgets, keyOf(found.owner));
      const disrupted = stillExpected(budget, pods, clock.now());
      const status = budgetStatus(budget, pods, scale, disrupted, clock.now());
      if (!deepEqual(status, budget.status)) {
        await objects.update(podDisruptionBudgets, { ...budget, status }, { subresource: "status" });
      }
      if (Object.keys(disrupted).length > 0) this.#request(key, DISRUPTED_MS);
    } catch (error) {
      if (isReason(error, "Conflict")) this.#request(key, GATHER_MS);
      else if (!isReason(error, "NotFound")) throw error;
    }
  }

  /** How many pods the owners of these pods want; undefined when one has no owner that says so, or none is asked. */
  async #scaleOf({ spec }: PodDisruptionBudget, pods: readonly Pod[]): Promise<number | undefined> {
    if (spec.maxUnavailable === undefined && typeof spec.minAvailable !== "string") return pods.length;
    const seen = new Set<string>();
    // A Deployment counts once, however many ReplicaSets it has.
    const scales = new Map<string, number>();
    for (const pod of pods) {
      const uid = controllerOf(pod)?.uid;
      if (uid === undefined) return undefined;
      if (seen.has(uid)) continue;
      seen.add(uid);
      const scale = await this.#ownerScale(pod);
      if (scale === undefined) return undefined;
      scales.set(scale.uid, scale.replicas);
    }
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  }

  /** Follows controllers up to the one at the top: a pod's ReplicaSet, the ReplicaSet's Deployment. */
  async #ownerScale(pod: Pod): Promise<{ readonly uid: string; readonly replicas: number } | undefined> {
    let object: KubeObject = pod;
    let owner: Kind | undefined;
    for (;;) {
      const reference = controllerOf(object);
      const kind = reference && this.#context.kinds.resources().find((one) => refersTo(reference, one));
      if (reference === undefined || kind === undefined) break;
      try {
        object = await this.#context.objects.get(kind, {
          ...(kind.namespaced && { namespace: pod.metadata.namespace as string }),
          name: reference.name,
        });
        owner = kind;
      } catch (error) {
        if (isReason(error, "NotFound")) break;
        throw error;
      }
    }
    if (owner?.scale === undefined) return undefined;
    return { uid: object.metadata.uid, replicas: scaleOf(owner.scale, object).spec.replicas ?? 0 };
  }
}

function stillExpected(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
): Readonly<Record<string, string>> {
  const staying = new Set(
    pods
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name),
  );
  const entries = Object.entries(status.disruptedPods ?? {});
  return Object.fromEntries(
    entries.filter(([name, since]) => staying.has(name) && now - Date.parse(since) < DISRUPTED_MS),
  );
}
