import type { Clock } from "../../clock/clock.ts";
import { Informer } from "../informer.ts";
import type { Kind } from "../kind.ts";
import {
  type CustomResourceDefinition,
  customResourceDefinitions,
  isEstablished,
} from "../kinds/custom-resource-definition.ts";
import type { Objects } from "../objects.ts";
import { indexKinds, type ServedKinds } from "../served-kinds.ts";
import { CustomKind } from "./custom-kind.ts";
import { loadEngines } from "./engines.ts";
import { byPriority } from "./version-priority.ts";
import { VersionRules } from "./version-rules.ts";

/** What one definition adds. */
interface Defined {
  /** In the version that is stored, served or not. */
  readonly resource: CustomKind;
  readonly served: readonly CustomKind[];
}

/** The kinds that are built in, and those that the definitions of a cluster add. */
export class LiveKinds implements ServedKinds {
  readonly #fixed: readonly Kind[];
  readonly #objects: Objects;
  readonly #informer: Informer<CustomResourceDefinition>;
  readonly #defined = new Map<string, Defined>();
  readonly #listeners = new Set<() => void>();
  #all: readonly Kind[];
  #resources: readonly Kind[];
  #index: ReadonlyMap<string, ReadonlyMap<string, Kind>>;
  #isStale = false;

  constructor(fixed: readonly Kind[], objects: Objects, clock: Clock) {
    this.#fixed = fixed;
    this.#all = fixed;
    this.#resources = fixed;
    this.#index = indexKinds(fixed);
    this.#objects = objects;
    this.#informer = new Informer(objects, clock, customResourceDefinitions, {
      changed: (before, after) => this.#changed(before, after),
      settled: () => this.#settle(),
    });
  }

  /** Ready when every definition that there is serves its kind. */
  async start(): Promise<void> {
    const { items } = await this.#objects.list(customResourceDefinitions, { limit: 1 });
    if (items.length > 0) await loadEngines();
    await this.#informer.start();
  }

  stop(): void {
    this.#informer.stop();
  }

  all(): readonly Kind[] {
    return this.#all;
  }

  resources(): readonly Kind[] {
    return this.#resources;
  }

  in(groupVersion: string): ReadonlyMap<string, Kind> | undefined {
    return this.#index.get(groupVersion);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(before: CustomResourceDefinition | undefined, after: CustomResourceDefinition | undefined): void {
    const { name } = ((after ?? before) as CustomResourceDefinition).metadata;
    this.#isStale = true;
    if (after === undefined || !isEstablished(after)) this.#defined.delete(name);
    else this.#defined.set(name, defined(after, this.#defined.get(name)));
  }

  #settle(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const definitions = [...this.#defined.values()].sort((a, b) => byName(a.resource, b.resource));
    const served = definitions.flatMap((one) => one.served);
    // Versions of a group stand together, the preferred one first, as discovery has them.
    served.sort((a, b) => compare(a.group, b.group) || byPriority(a.version, b.version) || byName(a, b));
    this.#all = [...this.#fixed, ...served];
    this.#resources = [...this.#fixed, ...definitions.map(({ resource }) => resource)];
    this.#index = indexKinds(this.#all);
    for (const listener of [...this.#listeners]) listener();
  }
}

function defined(definition: CustomResourceDefinition, before: Defined | undefined): Defined {
  const rules = definition.spec.versions.map((version) => new VersionRules(definition, version));
  const stored = rules.find(({ version }) => version.storage) as VersionRules;
  const served = rules
    .filter(({ version }) => version.served)
    .map((each) =>
      renewed(
        each,
        before?.served.find(({ version }) => version === each.version.name),
      ),
    );
  return { resource: renewed(stored, before?.resource), served };
}

function renewed(rules: VersionRules, kind: CustomKind | undefined): CustomKind {
  if (kind === undefined) return new CustomKind(rules);
  kind.follow(rules);
  return kind;
}

function byName(left: Kind, right: Kind): number {
  return compare(left.group, right.group) || compare(left.plural, right.plural);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
