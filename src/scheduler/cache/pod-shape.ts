import { DEVICE_MILLI, GPU_MILLI, type GpuDemand, gpuDemandOf } from "../../api/gpu.ts";
import type { HostPort } from "../../api/host-ports.ts";
import type { NodeSelectorTerm, Toleration } from "../../api/kinds/pod.ts";
import type { NonZeroAmounts } from "../strategy.ts";
import type { NeighbourRules } from "./neighbour-rules.ts";

/** What a pod demands of a node beside room; two pods with equal signatures pass on the same nodes. */
export interface Constraints {
  /** "" when the pod demands nothing. */
  readonly signature: string;
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Terms of the required node affinity: one of them must match. */
  readonly nodeTerms?: readonly NodeSelectorTerm[];
  /** The only nodes that its terms allow by name, when every term names some. */
  readonly pinnedTo?: ReadonlySet<string>;
  readonly tolerations: readonly Toleration[];
}

/** All that filters look at. Pods of equal shape fit on the same nodes. */
export interface PodShape {
  readonly signature: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly nonZeroRequests: NonZeroAmounts;
  /** cpu, memory, then every other resource asked for, sorted; `amounts` runs beside it. */
  readonly resources: readonly string[];
  readonly amounts: Float64Array;
  /** What it wants of GPUs, and the place in `resources` where they stand. */
  readonly gpu?: GpuDemand & { readonly at: number };
  /** What a node says that has too little of the resource at this place; made once, as many nodes say it. */
  readonly shortages: readonly string[];
  /** Which resources and constraints, without amounts: pods with equal ones are answered by the same index. */
  readonly indexSignature: string;
  readonly constraints: Constraints;
  readonly hostPorts: readonly HostPort[];
  /** What it wants of the pods around it. */
  readonly rules?: NeighbourRules;
  /** Claims to volumes; absent when it has none. */
  readonly claims?: readonly ClaimUse[];
}

/** A claim that a pod uses. */
export interface ClaimUse {
  readonly namespace: string;
  readonly name: string;
  /** Uid of the pod for which the claim is made, if it is made for one. */
  readonly owner?: string;
}

/** What some pods ask for beside resources and constraints. */
export interface PodExtras {
  readonly hostPorts: readonly HostPort[];
  readonly rules?: NeighbourRules | undefined;
  readonly claims?: readonly ClaimUse[] | undefined;
}

const NO_EXTRAS: PodExtras = { hostPorts: [] };

/** A pod without demands: what `constraints` is when absent. */
export const NO_CONSTRAINTS: Constraints = { signature: "", tolerations: [] };

/**
 * Makes a shape. Resources asked for with 0 are dropped, but for cpu and memory.
 * @param requests in scheduler units
 */
export function podShape(
  requests: Readonly<Record<string, number>>,
  constraints: Constraints = NO_CONSTRAINTS,
  nonZeroRequests: NonZeroAmounts = { cpu: requests.cpu ?? 0, memory: requests.memory ?? 0 },
  { hostPorts, rules, claims }: PodExtras = NO_EXTRAS,
): PodShape {
  const others = Object.keys(requests)
    .filter((name) => name !== "cpu" && name !== "memory" && (requests[name] as number) > 0)
    .sort();
  const { cpu: cpuMilli = 0, memory: bytes = 0 } = requests;
  const clean: Record<string, number> = { cpu: cpuMilli, memory: bytes };
  const amounts = new Float64Array(2 + others.length);
  amounts[0] = cpuMilli;
  amounts[1] = bytes;
  for (const [at, name] of others.entries()) amounts[2 + at] = clean[name] = requests[name] as number;
  const gpu = gpuOf(others, amounts);
  const { cpu, memory } = nonZeroRequests;
  // Room for a share is another thing than room for whole devices.
  const gpuKind = gpu === undefined ? "" : gpu.milli < DEVICE_MILLI ? "/share" : "/whole";
  const { indexSignature, resources, shortages } = kindOf(others, gpuKind, constraints);
  const ports = hostPorts.map(({ ip, protocol, port }) => `${ip} ${protocol} ${port}`);
  const extras = `${ports.join()}|${rules?.signature ?? ""}|${claims === undefined ? "" : JSON.stringify(claims)}`;
  const signature = `${amounts.join()}|${cpu},${memory}|${extras}|${indexSignature}`;
  const asked = { requests: clean, nonZeroRequests, resources, amounts, shortages };
  const common = { signature, ...asked, indexSignature, constraints, hostPorts };
  return { ...common, ...(gpu && { gpu }), ...(rules && { rules }), ...(claims && { claims }) };
}

type ShapeKind = Pick<PodShape, "indexSignature" | "resources" | "shortages">;

/** By constraints, which most pods share, and by what is asked for: of a million shapes few differ in this. */
const kinds = new WeakMap<Constraints, Map<string, ShapeKind>>();

function kindOf(others: readonly string[], gpuKind: string, constraints: Constraints): ShapeKind {
  const known = kinds.get(constraints) ?? new Map<string, ShapeKind>();
  kinds.set(constraints, known);
  const asked = `${others.join(",")}${gpuKind}`;
  let kind = known.get(asked);
  if (kind === undefined) {
    const resources = ["cpu", "memory", ...others];
    const shortages = resources.map((name) => `Insufficient ${name}`);
    kind = { indexSignature: `${asked}|${constraints.signature}`, resources, shortages };
    known.set(asked, kind);
  }
  return kind;
}

/** Reads the demand, and counts it in `amounts` as it will be taken. */
function gpuOf(others: readonly string[], amounts: Float64Array): PodShape["gpu"] {
  const at = 2 + others.indexOf(GPU_MILLI);
  const demand = at < 2 ? undefined : gpuDemandOf(amounts[at] as number);
  if (demand === undefined) return undefined;
  amounts[at] = demand.devices * demand.milli;
  return { ...demand, at };
}
