import type { Kind } from "../kind.ts";
import type { ClusterSettings } from "../kinds/cluster-settings.ts";
import type { KubeObject, ObjectKey } from "../meta.ts";

/**
 * Changes what a client asks for before it is validated and stored, by rules that need to know the cluster
 * (defaults that need nothing but the object are the kind's own `setDefaults`).
 */
export interface Admission {
  /** As Kubernetes names the plugin, e.g. `DefaultTolerationSeconds`. */
  readonly name: string;
  /** Schema names of the kinds it looks at (Kind.schema), or all of them, custom ones included. */
  readonly kinds: readonly string[] | "all";
  /** True for one that changes nothing, and refuses only what is valid otherwise: it runs after validation. */
  readonly last?: true;
  /** Pure; gives the same object back when nothing changes. May throw ApiError to refuse. */
  admit(object: KubeObject, context: AdmissionContext): KubeObject;
  /** The same for a write that changes more than status; most have nothing to say then. */
  admitChange?(object: KubeObject, old: KubeObject, context: AdmissionContext): KubeObject;
}

export interface AdmissionContext {
  /** What is to be written. */
  readonly kind: Kind;
  readonly settings: ClusterSettings;
  readonly lookup: Lookup;
  /** False where accounts have no tokens, as nobody talks to the cluster from outside. */
  readonly hasTokens: boolean;
  /** Ms since the epoch. */
  readonly now: number;
}

/** What is stored now. It answers at once, and nothing is written between an admission and the write it is for. */
export interface Lookup {
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  /** All objects of a kind in a namespace, or everywhere. */
  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[];
  /** How many there are in the whole cluster; costs next to nothing, so ask it first. */
  count(kind: Pick<Kind, "group" | "plural" | "version" | "kind" | "namespaced">): number;
}
