import type { TenantObserver } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";

const NOBODY = new Map<string, Tenant>();

/** Which pods take room on which node. Kept from the first time that somebody wants to know. */
export class TenantsByNode implements TenantObserver {
  readonly #byNode = new Map<string, Map<string, Tenant>>();

  came(pod: Tenant, { name }: NodeEntry): void {
    const pods = this.#byNode.get(name) ?? new Map<string, Tenant>();
    this.#byNode.set(name, pods);
    pods.set(pod.uid, pod);
  }

  went({ uid }: Tenant, { name }: NodeEntry): void {
    const pods = this.#byNode.get(name);
    pods?.delete(uid);
    if (pods?.size === 0) this.#byNode.delete(name);
  }

  on({ name }: NodeEntry): Iterable<Tenant> {
    return (this.#byNode.get(name) ?? NOBODY).values();
  }
}
