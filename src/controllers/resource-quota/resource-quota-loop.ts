import { countedKinds, QUOTA_KINDS, usedOf } from "../../api/admission/resource-quota.ts";
import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type ResourceQuota, resourceQuotas } from "../../api/kinds/resource-quota.ts";
import { type KubeObject, keyOf, keyText } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { usageText } from "../../api/quota-usage.ts";
import type { Timer } from "../../clock/clock.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import type { SharedInformer } from "../shared-informer.ts";

/** Changes of a namespace are gathered for this long. */
const GATHER_MS = 100;

/** The loop of the resource-quota controller: looks at namespaces that have a quota, and at no others. */
export class ResourceQuotaLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #informers = new Map<string, SharedInformer<KubeObject>>();
  readonly #quotas = new Map<string, Map<string, ResourceQuota>>();
  readonly #timers = new Map<string, Timer>();
  /** By the kind that is followed, and what ends that. */
  readonly #followed = new Map<Kind, () => void>();
  readonly #leave: (() => void)[] = [];

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (namespace) => this.#sync(namespace));
  }

  async start(): Promise<void> {
    const { view, kinds } = this.#context;
    for (const kind of QUOTA_KINDS) await this.#follow(kind);
    this.#leave.push(kinds.onChange(() => this.#kindsChanged()));
    const quotas = await view.follow(resourceQuotas);
    this.#leave.push(quotas.join({ changed: (before, after) => this.#quotaChanged(before, after) }));
  }

  stop(): void {
    for (const leave of [...this.#leave, ...this.#followed.values()]) leave();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#work.stop();
  }

  async #follow(kind: Kind): Promise<void> {
    if (this.#followed.has(kind)) return;
    this.#followed.set(kind, () => undefined);
    const informer = await this.#context.view.follow(kind);
    this.#informers.set(kind.schema, informer);
    const changed = (before: KubeObject | undefined, after: KubeObject | undefined) =>
      this.#request(((after ?? before) as KubeObject).metadata.namespace as string);
    this.#followed.set(kind, informer.join({ changed }));
  }

  /** Kinds that are gone are left; those that are new may be named by a quota. */
  #kindsChanged(): void {
    const served = new Set(this.#context.kinds.resources());
    for (const [kind, leave] of this.#followed) {
      if (served.has(kind)) continue;
      leave();
      this.#followed.delete(kind);
      this.#informers.delete(kind.schema);
    }
    for (const namespace of this.#quotas.keys()) this.#request(namespace);
  }

  #quotaChanged(before: ResourceQuota | undefined, after: ResourceQuota | undefined): void {
    const quota = (after ?? before) as ResourceQuota;
    const namespace = quota.metadata.namespace as string;
    const all = this.#quotas.get(namespace) ?? new Map<string, ResourceQuota>();
    if (after === undefined) all.delete(keyText(keyOf(quota)));
    else all.set(keyText(keyOf(quota)), quota);
    if (all.size === 0) this.#quotas.delete(namespace);
    else this.#quotas.set(namespace, all);
    if (after !== undefined) this.#request(namespace);
  }

  #request(namespace: string): void {
    if (!this.#quotas.has(namespace) || this.#timers.has(namespace)) return;
    const timer = this.#context.clock.after(GATHER_MS, () => {
      this.#timers.delete(namespace);
      this.#work.request(namespace);
    });
    this.#timers.set(namespace, timer);
  }

  async #sync(namespace: string): Promise<void> {
    const list = <T extends KubeObject>(kind: Kind<T>): readonly T[] => {
      const all = [...(this.#informers.get(kind.schema)?.values() ?? [])] as unknown as readonly T[];
      return all.filter(({ metadata }) => metadata.namespace === namespace);
    };
    for (const quota of this.#quotas.get(namespace)?.values() ?? []) {
      const { hard = {} } = quota.spec;
      const others = countedKinds(quota, this.#context.kinds.resources());
      for (const kind of others) await this.#follow(kind);
      const amounts = Object.entries(usedOf({ list }, quota, [...QUOTA_KINDS, ...others]));
      const used = Object.fromEntries(amounts.map(([one, amount]) => [one, usageText(one, amount)]));
      const status = { hard, used };
      const change = (now: ResourceQuota) => (deepEqual(now.status, status) ? now : { ...now, status });
      try {
        await modify(this.#context.objects, resourceQuotas, keyOf(quota), change, { subresource: "status" });
      } catch (error) {
        if (!isReason(error, "NotFound")) throw error;
      }
    }
  }
}
