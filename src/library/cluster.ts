/** What `startCluster` takes. */
export interface StartOptions {
  /**
   * `real` (the default): time passes by itself. `virtual`: it stands still until `clock.advance` moves it, and what
   * is due at the present instant is done before anything is answered.
   */
  readonly time?: "real" | "virtual";
  /** Where virtual time begins: a Date, its text, or ms since the epoch (default 2025-01-01T00:00:00Z). */
  readonly startTime?: Date | string | number;
  /** Port on 127.0.0.1; any free one unless given. */
  readonly port?: number;
  /** Nodes to begin with: so many, or how many of which kind. None unless given. */
  readonly nodes?: number | NodeOptions | readonly NodeOptions[];
  /** How pods are placed: `kubernetes` (the default here), `first-fit`, `best-fit`, ... */
  readonly strategy?: string;
  /** How fast the cluster notices and reacts: `kubernetes` (the default here), `fast` or `classic`. */
  readonly timing?: "fast" | "classic" | "kubernetes";
  /** The same seed and the same calls in virtual time give the same run; drawn unless given. */
  readonly seed?: string;
  /** Also writes the kubeconfig to this file, readable for its owner only; `stop` removes it. */
  readonly kubeconfigPath?: string;
  /** Told about failures inside the cluster, which it survives: defects of kubesim. */
  readonly onError?: (message: string, error: unknown) => void;
}

/** What nodes are like. Quantities are written as in Kubernetes. */
export interface NodeOptions {
  /** How many (default 1). */
  readonly count?: number;
  /** Names become `PREFIX-1`, `PREFIX-2` and so on (default `node`). */
  readonly prefix?: string;
  /** Default `4`. */
  readonly cpu?: string;
  /** Default `16Gi`. */
  readonly memory?: string;
  /** Most pods on it (default 110). */
  readonly maxPods?: number;
  /** GPUs, as `nvidia.com/gpu`. */
  readonly gpu?: number;
  /** The label `topology.kubernetes.io/zone`. */
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  }[];
}

/** A cluster in this process. */
export interface Cluster extends AsyncDisposable {
  /** A whole kubeconfig, as text: `kubeConfig.loadFromString(cluster.kubeconfig)`. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** The bearer token of an administrator. */
  readonly token: string;
  /** The certificate authority of `url`, as PEM. */
  readonly certificateAuthority: string;
  /** Reads and writes objects in memory, without a socket. */
  readonly client: Client;
  readonly clock: ClusterClock;
  /** The whole API in memory, as `fetch`: paths such as `/api/v1/nodes` will do. Authenticated already. */
  fetch(input: string | Request, init?: RequestInit): Promise<Response>;
  /** Adds nodes and resolves with their names once they are Ready. */
  addNodes(nodes?: number | NodeOptions): Promise<readonly string[]>;
  /** Hurts a node: it falls silent (`node-crash`), or another fault of `kubesim chaos`. */
  failNode(name: string, fault?: string): Promise<void>;
  /** Ends all faults of a node. */
  healNode(name: string): Promise<void>;
  /**
   * Resolves with what `condition` returns as soon as that is neither false nor undefined nor null. Time goes on
   * meanwhile, virtual time too, in steps of `step`. Rejects after `timeout` (default 30 s).
   */
  waitFor<T>(
    condition: () => T | Promise<T>,
    options?: { readonly timeout?: number | string; readonly step?: number | string },
  ): Promise<Exclude<T, false | undefined | null>>;
  /** Ends it; afterwards nothing of it is left in the process. May be called again. */
  stop(): Promise<void>;
}

/** The cluster's time. */
export interface ClusterClock {
  /** Ms since the epoch. */
  now(): number;
  /** Resolves when so much of the cluster's time has passed. */
  sleep(duration: number | string): Promise<void>;
}

/** Time that stands still until it is told to go on. */
export interface VirtualClusterClock extends ClusterClock {
  /** Goes on by ms or a text such as `5m`: all that falls due on the way happens, one instant after the other. */
  advance(duration: number | string): Promise<void>;
  /** Resolves when all work of the present instant is done. */
  settle(): Promise<void>;
}

/** A cluster whose time stands still until it is told to go on. */
export interface VirtualCluster extends Cluster {
  readonly clock: VirtualClusterClock;
}

/** An object of the API. Give the type of your client library where you have one. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    // biome-ignore lint/suspicious/noExplicitAny: fields of the API are not typed here
    readonly [field: string]: any;
  };
  // biome-ignore lint/suspicious/noExplicitAny: fields of the API are not typed here
  readonly [field: string]: any;
}

/** Where an object is: `default` unless a namespace is given. Cluster-wide kinds have none. */
export interface InNamespace {
  readonly namespace?: string;
}

/** Which objects of a kind. */
export interface ListOptions extends InNamespace {
  readonly allNamespaces?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/**
 * Reads and writes objects. A kind is named as for kubectl: `pods`, `po`, `Pod`, `deployments.apps`. Failures are
 * `ApiError`s with Kubernetes' code, reason and words.
 */
export interface Client {
  get<T = Resource>(kind: string, name: string, options?: InNamespace): Promise<T>;
  list<T = Resource>(kind: string, options?: ListOptions): Promise<T[]>;
  /** Creates an object of which apiVersion, kind and metadata are given. */
  create<T = Resource>(object: object): Promise<T>;
  /** Replaces an object by this one, which is as it was read but for the changes. */
  replace<T = Resource>(object: object): Promise<T>;
  /** `merge` (the default), `strategic`, or `json` with a list of operations. */
  patch<T = Resource>(
    kind: string,
    name: string,
    patch: object,
    options?: InNamespace & {
      readonly type?: "merge" | "strategic" | "json";
      readonly subresource?: string;
    },
  ): Promise<T>;
  delete(
    kind: string,
    name: string,
    options?: InNamespace & {
      readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
      readonly gracePeriodSeconds?: number;
    },
  ): Promise<void>;
  /** Creates the objects of a YAML or JSON text with any number of documents and Lists. */
  createAll(text: string): Promise<Resource[]>;
}
