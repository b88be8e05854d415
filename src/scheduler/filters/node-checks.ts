import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";
import { type NeighbourCheck, NONE_GONE as NONE } from "../neighbours/neighbour-check.ts";
import { Neighbours } from "../neighbours/neighbours.ts";
import type { PlaceablePod } from "../placement/pod.ts";
import type { VolumeCheck } from "../volumes/volume-check.ts";
import type { Volumes } from "../volumes/volumes.ts";
import type { Refusal } from "./filter.ts";
import { nodePorts } from "./node-ports.ts";
import { type CountedRefusals, RefusalCounts } from "./refusal-counts.ts";
import { refusal } from "./registry.ts";

/** Pods that are to come to a node, which a pod has to reckon with. */
export type Expected = (pod: PlaceablePod, node: NodeEntry) => readonly Tenant[];

/** Makes checks of all filters: those that look at one node, and those that look at the pods around. */
export class NodeChecks {
  readonly neighbours: Neighbours;
  readonly #expected: Expected;
  readonly #volumes: Volumes | undefined;
  readonly #counts: RefusalCounts;

  /**
   * @param expected who is nominated to a node; nobody when absent
   * @param volumes what claims have; claims are not asked about when absent
   */
  constructor(state: ClusterState, expected: Expected = () => NOBODY, volumes?: Volumes) {
    this.#volumes = volumes;
    this.neighbours = new Neighbours(state);
    this.#expected = expected;
    this.#counts = new RefusalCounts(state);
  }

  /** The check for a pod, good until something changes in the cluster. */
  of(pod: PlaceablePod): NodeCheck {
    return new NodeCheck(
      pod,
      this.neighbours.checkOf(pod),
      this.#expected,
      this.#volumes?.checkOf(pod.shape),
      this.#counts,
    );
  }
}

const NOBODY: readonly Tenant[] = [];

/** Answers for one pod whether it can run on nodes, by every filter. */
export class NodeCheck {
  /** True when an index over static filters and resources does not know enough. */
  readonly looksAround: boolean;
  readonly #pod: PlaceablePod;
  /** What the pods around say to it; undefined when none of them matters. */
  readonly neighbours: NeighbourCheck | undefined;
  readonly #expected: Expected;
  readonly #volumes: VolumeCheck | undefined;
  readonly #counts: RefusalCounts;

  constructor(
    pod: PlaceablePod,
    neighbours: NeighbourCheck | undefined,
    expected: Expected,
    volumes: VolumeCheck | undefined,
    counts: RefusalCounts,
  ) {
    this.#counts = counts;
    const looksAround = neighbours !== undefined || volumes !== undefined;
    this.looksAround = looksAround || pod.shape.hostPorts.length > 0;
    this.#volumes = volumes;
    this.#pod = pod;
    this.neighbours = neighbours;
    this.#expected = expected;
  }

  /** Why no node will do, whatever it is like; undefined when nodes are to be asked. */
  get upfront(): string | undefined {
    return this.#volumes?.upfront;
  }

  /**
   * Why not; undefined when the pod can run there. Where pods are to come, it must fit with them and without.
   * @param gone pods to be thought away from the node (what they take has been taken off it already)
   */
  refusal(node: NodeEntry, gone: ReadonlySet<Tenant> = NONE): Refusal | undefined {
    if (this.upfront !== undefined) return this.#volumes?.refusal(node, gone);
    return (
      refusal(this.#pod.shape, node) ??
      this.#volumes?.refusal(node, gone) ??
      this.#neighbourRefusal(node, gone)
    );
  }

  /** What all nodes together say to a pod that fits nowhere; undefined where they have to be asked one by one. */
  counted(): CountedRefusals | undefined {
    return this.looksAround ? undefined : this.#counts.of(this.#pod.shape);
  }

  /** As `refusal`, of a node that an index has found: static filters and resources are not asked again. */
  refusalAround(node: NodeEntry): Refusal | undefined {
    return (
      nodePorts.check(this.#pod.shape, node) ??
      this.#volumes?.refusal(node, NONE) ??
      this.#neighbourRefusal(node, NONE)
    );
  }

  #neighbourRefusal(node: NodeEntry, gone: ReadonlySet<Tenant>): Refusal | undefined {
    const { neighbours } = this;
    if (neighbours === undefined) return undefined;
    const now = neighbours.refusal(node, { come: NOBODY, gone });
    if (now !== undefined) return now;
    const come = this.#expected(this.#pod, node);
    return come.length === 0 ? undefined : neighbours.refusal(node, { come, gone });
  }
}
