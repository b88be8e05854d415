import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { keyText } from "../../api/meta.ts";
import { claimsOf } from "../../api/pod-claims.ts";
import { hasOwnVolumes } from "../../api/token-volume.ts";

/** Which pods use which claims, by `namespace/name`; pods without claims cost nothing. */
export class ClaimUsers {
  readonly #users = new Map<string, Map<string, Pod>>();

  /** Takes down a change. @returns the claims it is about */
  podChanged(before: Pod | undefined, after: Pod | undefined): readonly string[] {
    const pod = (after ?? before) as Pod;
    if (!hasOwnVolumes(pod.spec)) return [];
    const keys = claimsOf(pod).map(({ name }) =>
      keyText({ namespace: pod.metadata.namespace as string, name }),
    );
    for (const key of keys) this.#note(key, pod, after !== undefined && !isFinished(after));
    return keys;
  }

  /** A pod that has a node uses the claim. */
  isUsed(key: string): boolean {
    return this.#of(key).some(({ spec }) => spec.nodeName);
  }

  /** A pod that wants the claim and waits for a node; undefined when there is none. */
  waiting(key: string): Pod | undefined {
    return this.#of(key).find(({ spec }) => !spec.nodeName);
  }

  #of(key: string): readonly Pod[] {
    return [...(this.#users.get(key)?.values() ?? [])];
  }

  #note(key: string, pod: Pod, uses: boolean): void {
    const users = this.#users.get(key);
    if (uses && users !== undefined) users.set(pod.metadata.uid, pod);
    else if (uses) this.#users.set(key, new Map([[pod.metadata.uid, pod]]));
    else if (users?.delete(pod.metadata.uid) === true && users.size === 0) this.#users.delete(key);
  }
}
