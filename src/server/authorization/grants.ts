import { Informer } from "../../api/informer.ts";
import type { Kind } from "../../api/kind.ts";
import {
  clusterRoleBindings,
  clusterRoles,
  type PolicyRule,
  type Role,
  type RoleBinding,
  roleBindings,
  roles,
  type Subject,
} from "../../api/kinds/rbac.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { serviceAccountUsername, type User } from "../../api/user.ts";
import type { Clock } from "../../clock/clock.ts";

/** What one binding gives one user. */
export interface Grant {
  readonly rules: readonly PolicyRule[];
  /** How it came about, for the reason of a decision. */
  readonly because: string;
  /** Set when the role that the binding names is not there; there are no rules then. */
  readonly missing?: string;
}

type Bindings = Map<string, [RoleBinding, Subject][]>;
interface Index {
  readonly cluster: Bindings;
  readonly byNamespace: Map<string, Bindings>;
}

/**
 * What roles and bindings give to whom. Follows the four kinds from the first question on, so that a cluster whose
 * users are all masters pays nothing.
 */
export class Grants {
  readonly #informers: readonly Informer<KubeObject>[];
  readonly #clusterRoles: Informer<Role>;
  readonly #roles: Informer<Role>;
  readonly #clusterBindings: Informer<RoleBinding>;
  readonly #bindings: Informer<RoleBinding>;
  #index: Index | undefined;

  /** @param changed told whenever answers may be others than before. */
  constructor(objects: Objects, clock: Clock, changed: () => void) {
    const follow = <T extends KubeObject>(kind: Kind<T>): Informer<T> =>
      new Informer(objects, clock, kind, {
        changed: () => {
          this.#index = undefined;
          changed();
        },
      });
    this.#clusterRoles = follow(clusterRoles);
    this.#roles = follow(roles);
    this.#clusterBindings = follow(clusterRoleBindings);
    this.#bindings = follow(roleBindings);
    this.#informers = [
      this.#clusterRoles,
      this.#roles,
      this.#clusterBindings,
      this.#bindings,
    ] as unknown as readonly Informer<KubeObject>[];
  }

  /** Resolves when everything is known. */
  async ready(): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer.start()));
  }

  stop(): void {
    for (const informer of this.#informers) informer.stop();
  }

  /** What a user has in a namespace, or with "" in the cluster as a whole. Only after `ready`. */
  of(user: User, namespace: string): readonly Grant[] {
    this.#index ??= this.#makeIndex();
    const subjects = [`User/${user.username}`, ...user.groups.map((group) => `Group/${group}`)];
    const within = this.#index.byNamespace.get(namespace);
    return [this.#index.cluster, ...(within === undefined ? [] : [within])].flatMap((bindings) =>
      subjects.flatMap((subject) => bindings.get(subject) ?? []).map((found) => this.#grant(...found)),
    );
  }

  /** The rules of a role that a binding in that namespace ("": in the cluster) names; undefined when it is missing. */
  rulesOf({ kind, name }: RoleBinding["roleRef"], namespace: string): readonly PolicyRule[] | undefined {
    const role =
      kind === "ClusterRole" ? this.#clusterRoles.get({ name }) : this.#roles.get({ namespace, name });
    return role && (role.rules ?? []);
  }

  #grant(binding: RoleBinding, subject: Subject): Grant {
    const { roleRef, metadata } = binding;
    const { namespace } = metadata;
    const rules = this.rulesOf(roleRef, namespace ?? "");
    const bound = namespace === undefined ? metadata.name : `${metadata.name}/${namespace}`;
    const to = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace}` : subject.name;
    const because =
      `${binding.kind} ${JSON.stringify(bound)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} ` +
      `to ${subject.kind} ${JSON.stringify(to)}`;
    if (rules !== undefined) return { rules, because };
    const missing = `${roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(roleRef.name)} not found`;
    return { rules: [], because, missing };
  }

  #makeIndex(): Index {
    const index: Index = { cluster: new Map(), byNamespace: new Map() };
    for (const binding of this.#clusterBindings.values()) addTo(index.cluster, binding, undefined);
    for (const binding of this.#bindings.values()) {
      const namespace = binding.metadata.namespace as string;
      const within: Bindings = index.byNamespace.get(namespace) ?? new Map();
      index.byNamespace.set(namespace, within);
      addTo(within, binding, namespace);
    }
    return index;
  }
}

function addTo(bindings: Bindings, binding: RoleBinding, namespace: string | undefined): void {
  for (const subject of binding.subjects ?? []) {
    const key = subjectKey(subject, namespace);
    const found = bindings.get(key);
    if (found === undefined) bindings.set(key, [[binding, subject]]);
    else found.push([binding, subject]);
  }
}

/** A service account is a user with a name of its own form. */
function subjectKey({ kind, name, namespace }: Subject, home: string | undefined): string {
  if (kind !== "ServiceAccount") return `${kind}/${name}`;
  return `User/${serviceAccountUsername(namespace ?? home ?? "", name)}`;
}
