/** A kind as discovery tells of it. */
export interface DiscoveredKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly kind: string;
  readonly namespaced: boolean;
}

interface AggregatedDiscovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly {
        readonly resource: string;
        readonly singularResource: string;
        readonly shortNames?: readonly string[];
        readonly scope: string;
        readonly responseKind: { readonly kind: string };
      }[];
    }[];
  }[];
}

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

type Read = (path: string, accept: string) => Promise<unknown>;

/** Finds kinds by the names that kubectl takes. What it has learnt it keeps; an unknown name makes it ask again. */
export class KindNames {
  readonly #read: Read;
  #known: readonly DiscoveredKind[] = [];

  constructor(read: Read) {
    this.#read = read;
  }

  /** By `pods`, `pod`, `po`, `Pod`, with `.GROUP` behind it if need be. Fails with TypeError when there is none. */
  byName(name: string): Promise<DiscoveredKind> {
    const dot = name.indexOf(".");
    const [plain, group] = dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
    const wanted = plain.toLowerCase();
    return this.#find(
      (kind) => (group === undefined || kind.group === group) && namesOf(kind).includes(wanted),
      `no kind is called ${JSON.stringify(name)} here`,
    );
  }

  /** By what a manifest says. Fails with TypeError when there is none. */
  byManifest({
    apiVersion,
    kind,
  }: {
    readonly apiVersion?: string;
    readonly kind?: string;
  }): Promise<DiscoveredKind> {
    return this.#find(
      (each) => each.kind === kind && apiVersionOf(each) === apiVersion,
      `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
    );
  }

  async #find(matches: (kind: DiscoveredKind) => boolean, failure: string): Promise<DiscoveredKind> {
    const known = this.#known.find(matches);
    if (known !== undefined) return known;
    const documents = await Promise.all(["/api", "/apis"].map((path) => this.#read(path, AGGREGATED)));
    this.#known = documents.flatMap((document) => kindsOf(document as AggregatedDiscovery));
    const found = this.#known.find(matches);
    if (found === undefined) throw new TypeError(failure);
    return found;
  }
}

function namesOf({ plural, singular, shortNames, kind }: DiscoveredKind): readonly string[] {
  return [plural, singular, ...shortNames, kind.toLowerCase()];
}

function apiVersionOf({ group, version }: DiscoveredKind): string {
  return group === "" ? version : `${group}/${version}`;
}

function kindsOf({ items }: AggregatedDiscovery): DiscoveredKind[] {
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map((resource) => ({
        group: metadata.name ?? "",
        version,
        plural: resource.resource,
        singular: resource.singularResource,
        shortNames: resource.shortNames ?? [],
        kind: resource.responseKind.kind,
        namespaced: resource.scope === "Namespaced",
      })),
    ),
  );
}
