import { Informer } from "../../api/informer.ts";
import type { Kind } from "../../api/kind.ts";
import { replicaSets } from "../../api/kinds/replica-set.ts";
import { replicationControllers } from "../../api/kinds/replication-controller.ts";
import { type Service, services } from "../../api/kinds/service.ts";
import { statefulSets } from "../../api/kinds/stateful-set.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../../api/label-selector.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import type { Clock } from "../../clock/clock.ts";
import type { SpreadRule } from "../cache/neighbour-rules.ts";
import type { PlaceablePod } from "../placement/pod.ts";

/** What Kubernetes wishes for by itself (podtopologyspread, systemDefaultConstraints). */
const DEFAULTS = [
  { topologyKey: "kubernetes.io/hostname", maxSkew: 3 },
  { topologyKey: "topology.kubernetes.io/zone", maxSkew: 5 },
] as const;

type Labels = Readonly<Record<string, string>>;

/** Kinds whose pods are spread, beside those behind services. */
const OWNERS = [replicaSets, replicationControllers, statefulSets] as unknown as readonly Kind<Owner>[];

interface Owner extends KubeObject {
  /** Plain labels in a ReplicationController. */
  readonly spec: { readonly selector?: LabelSelector | Labels };
}

/** So many answers are kept until something changes. */
const KEPT = 4_096;
const NONE: readonly SpreadRule[] = [];

/**
 * Spreading of pods that say nothing of it themselves: with those behind the same services and of the same ReplicaSet,
 * ReplicationController or StatefulSet (component-helpers, DefaultSelector).
 */
export class DefaultSpread {
  readonly #services = new Map<string, Map<string, Labels>>();
  readonly #owners = new Map<string, LabelSelector>();
  readonly #known = new Map<string, readonly SpreadRule[]>();

  /** What keeps it true. */
  informers(objects: Objects, clock: Clock) {
    return [
      new Informer<Service>(objects, clock, services, {
        changed: (before, after) => this.#serviceChanged(before, after),
      }),
      ...OWNERS.map(
        (kind) =>
          new Informer<Owner>(objects, clock, kind, {
            changed: (before, after) => this.#ownerChanged(before, after),
          }),
      ),
    ] as const;
  }

  /** The rules for a pod; none when it has neither services nor such an owner. */
  rulesOf(pod: PlaceablePod): readonly SpreadRule[] {
    const { namespace, owner = "", labels } = pod;
    const behind = this.#services.get(namespace);
    const selector = this.#owners.get(owner);
    if (behind === undefined && selector === undefined) return NONE;
    const key = JSON.stringify([namespace, owner, labels]);
    let rules = this.#known.get(key);
    if (rules === undefined) {
      rules = rulesFor(namespace, merged(behind, labels), selector);
      if (this.#known.size >= KEPT) this.#known.clear();
      this.#known.set(key, rules);
    }
    return rules;
  }

  #serviceChanged(before: Service | undefined, after: Service | undefined): void {
    const { name, namespace = "" } = ((after ?? before) as Service).metadata;
    const selector = after?.spec.selector ?? {};
    if (before !== undefined && before.spec.selector === after?.spec.selector) return;
    const all = this.#services.get(namespace) ?? new Map<string, Labels>();
    if (Object.keys(selector).length > 0) all.set(name, selector);
    else all.delete(name);
    if (all.size > 0) this.#services.set(namespace, all);
    else this.#services.delete(namespace);
    this.#known.clear();
  }

  #ownerChanged(before: Owner | undefined, after: Owner | undefined): void {
    if (before !== undefined && before.spec.selector === after?.spec.selector) return;
    const { uid } = ((after ?? before) as Owner).metadata;
    const selector = after?.spec.selector;
    if (selector === undefined) this.#owners.delete(uid);
    else this.#owners.set(uid, isSelector(selector) ? selector : { matchLabels: selector });
    this.#known.clear();
  }
}

function isSelector(selector: LabelSelector | Labels): selector is LabelSelector {
  const { matchLabels, matchExpressions } = selector as LabelSelector;
  return typeof matchLabels === "object" || Array.isArray(matchExpressions);
}

/** The labels by which services find the pod; they cannot contradict each other, as they all match it. */
function merged(services: ReadonlyMap<string, Labels> | undefined, labels: Labels): Labels {
  let all: Labels = {};
  for (const selector of services?.values() ?? []) {
    const isBehind = Object.entries(selector).every(([key, value]) => labels[key] === value);
    if (isBehind) all = { ...all, ...selector };
  }
  return all;
}

function rulesFor(
  namespace: string,
  behind: Labels,
  { matchLabels = {}, matchExpressions = [] }: LabelSelector = {},
): readonly SpreadRule[] {
  const requirements = Object.entries({ ...behind, ...matchLabels })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]): LabelSelectorRequirement => ({ key, operator: "In", values: [value] }));
  const all = [...requirements, ...matchExpressions];
  if (all.length === 0) return NONE;
  return DEFAULTS.map(({ topologyKey, maxSkew }) => {
    const parts = {
      selector: { matchExpressions: all },
      namespaces: [namespace],
      topologyKey,
      honoursAffinity: true,
      honoursTaints: false,
    };
    return { signature: JSON.stringify(parts), ...parts, maxSkew, minDomains: 1 };
  });
}
