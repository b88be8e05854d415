import { isReason } from "../../api/errors.ts";
import { finishOf, JOB_TRACKING_FINALIZER, type Job, jobs } from "../../api/kinds/job.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { keyOf } from "../../api/meta.ts";
import { controllerOf, refersTo } from "../../api/owner-references.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import type { SharedInformer } from "../shared-informer.ts";
import { releasePod } from "./release.ts";

/** Releases pods that wait to be counted by a Job that is gone or has counted already. */
export class StrayPods {
  readonly #context: ControllerContext;
  readonly #waiting = new Map<string, Pod>();
  readonly #work: KeyedWork;
  readonly #leave: (() => void)[] = [];
  #jobs: SharedInformer<Job> | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (uid) => this.#release(uid));
  }

  start(informer: SharedInformer<Job>): void {
    const { view } = this.#context;
    this.#jobs = informer;
    this.#leave.push(
      view.pods.join({ changed: (_, pod) => pod !== undefined && this.#consider(pod) }),
      informer.join({ changed: (before, after) => this.#jobChanged(before, after) }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#work.stop();
  }

  #jobChanged(before: Job | undefined, after: Job | undefined): void {
    if (after !== undefined && finishOf(after) === undefined) return;
    const { uid } = ((after ?? before) as Job).metadata;
    for (const pod of this.#context.view.ownedPods.of(uid).values()) this.#consider(pod);
  }

  #consider(pod: Pod): void {
    if (!pod.metadata.finalizers?.includes(JOB_TRACKING_FINALIZER)) return;
    const job = this.#jobOf(pod);
    if (job !== undefined && finishOf(job) === undefined) return;
    this.#waiting.set(pod.metadata.uid, pod);
    this.#work.request(pod.metadata.uid);
  }

  #jobOf(pod: Pod): Job | undefined {
    const owner = controllerOf(pod);
    if (owner === undefined || !refersTo(owner, jobs)) return undefined;
    const job = this.#jobs?.get({ ...keyOf(pod), name: owner.name });
    return job?.metadata.uid === owner.uid ? job : undefined;
  }

  async #release(uid: string): Promise<void> {
    const pod = this.#waiting.get(uid);
    if (pod === undefined) return;
    if (!(await this.#isCounted(pod))) await releasePod(this.#context.objects, pod);
    this.#waiting.delete(uid);
  }

  /** Asks the server: the local copy may not have heard of a new Job yet. */
  async #isCounted(pod: Pod): Promise<boolean> {
    const owner = controllerOf(pod);
    if (owner === undefined || !refersTo(owner, jobs)) return false;
    try {
      const job = await this.#context.objects.get(jobs, { ...keyOf(pod), name: owner.name });
      return job.metadata.uid === owner.uid && finishOf(job) === undefined;
    } catch (error) {
      if (isReason(error, "NotFound")) return false;
      throw error;
    }
  }
}
