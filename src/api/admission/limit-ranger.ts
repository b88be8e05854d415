import { ApiError } from "../errors.ts";
import { type LimitRangeItem, limitRanges } from "../kinds/limit-range.ts";
import { type Container, type Pod, pods } from "../kinds/pod.ts";
import { qosClassOf } from "../kinds/pod-qos.ts";
import type { KubeObject } from "../meta.ts";
import { podLimitAmounts, podRequestAmounts } from "../pod-demand.ts";
import { formatResource } from "../quantity.ts";
import type { Admission, Lookup } from "./admission.ts";
import { boundFaults, type Quantities } from "./limit-range-bounds.ts";

const CLAIM_SCHEMA = "io.k8s.api.core.v1.PersistentVolumeClaim";

/** Gives containers the requests and limits of the namespace's limit ranges, and refuses what is outside of them. */
export const limitRanger: Admission = {
  name: "LimitRanger",
  kinds: [pods.schema, CLAIM_SCHEMA],
  admit(object, { lookup }) {
    const items = itemsFor(object, lookup);
    if (items.length === 0) return object;
    if (object.kind !== pods.kind) return checkClaim(object as Claim, items);
    const pod = withDefaults(object as Pod, items);
    for (const item of items) refuse(pod, pods.plural, podFaults(pod, item));
    return pod;
  },
  admitChange(object, old, { lookup }) {
    if (object.kind === pods.kind || (object as Claim).spec === (old as Claim).spec) return object;
    return checkClaim(object as Claim, itemsFor(object, lookup));
  },
};

interface Claim extends KubeObject {
  readonly spec?: { readonly resources?: { readonly requests?: Quantities } };
}

function itemsFor({ metadata }: KubeObject, lookup: Lookup): readonly LimitRangeItem[] {
  if (lookup.count(limitRanges) === 0) return [];
  return lookup.list(limitRanges, metadata.namespace).flatMap(({ spec }) => spec.limits);
}

/** Says on a pod what was given to its containers. */
const ANNOTATION = "kubernetes.io/limit-ranger";

function withDefaults(pod: Pod, items: readonly LimitRangeItem[]): Pod {
  const ofContainers = items.filter(({ type }) => type === "Container");
  const limits: Quantities = Object.assign({}, ...ofContainers.map((item) => item.default ?? {}));
  const requests: Quantities = Object.assign({}, ...ofContainers.map((item) => item.defaultRequest ?? {}));
  const given: string[] = [];
  const complete = (called: string) => (container: Container) =>
    withContainerDefaults(container, called, { limits, requests }, given);
  const { containers, initContainers } = pod.spec;
  const spec = {
    ...pod.spec,
    containers: containers.map(complete("container")),
    ...(initContainers && { initContainers: initContainers.map(complete("init container")) }),
  };
  if (given.length === 0) return pod;
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${given.join("; ")}`,
  };
  const status = { ...pod.status, qosClass: qosClassOf(spec) };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec, status };
}

function withContainerDefaults(
  container: Container,
  called: string,
  defaults: { readonly limits: Quantities; readonly requests: Quantities },
  given: string[],
): Container {
  const { resources = {} } = container;
  const merged = { ...resources };
  for (const part of ["requests", "limits"] as const) {
    const own = resources[part] ?? {};
    const added = Object.keys(defaults[part]).filter((resource) => own[resource] === undefined);
    if (added.length === 0) continue;
    merged[part] = { ...defaults[part], ...own };
    given.push(`${added.sort().join(", ")} ${part.slice(0, -1)} for ${called} ${container.name}`);
  }
  return merged.limits === resources.limits && merged.requests === resources.requests
    ? container
    : { ...container, resources: merged };
}

function podFaults(pod: Pod, item: LimitRangeItem): readonly string[] {
  if (item.type === "Pod") {
    return boundFaults(item, texts(podRequestAmounts(pod.spec)), texts(podLimitAmounts(pod.spec)));
  }
  if (item.type !== "Container") return [];
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ resources = {} }) =>
    boundFaults(item, resources.requests ?? {}, resources.limits ?? {}),
  );
}

function texts(amounts: Readonly<Record<string, number>>): Quantities {
  return Object.fromEntries(
    Object.entries(amounts).map(([resource, amount]) => [resource, formatResource(resource, amount)]),
  );
}

/** What a claim asks for is held against the least as a request and against the most as a limit. */
function checkClaim<T extends Claim>(claim: T, items: readonly LimitRangeItem[]): T {
  const asked = claim.spec?.resources?.requests ?? {};
  for (const { type, min = {}, max = {} } of items) {
    if (type !== "PersistentVolumeClaim") continue;
    const least = boundFaults({ type, min }, asked, {});
    refuse(claim, "persistentvolumeclaims", [...least, ...boundFaults({ type, max }, {}, asked)]);
  }
  return claim;
}

function refuse({ metadata: { name } }: KubeObject, plural: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const why = faults.length === 1 ? faults[0] : `[${faults.join(", ")}]`;
  throw new ApiError("Forbidden", `${plural} "${name}" is forbidden: ${why}`, { name, kind: plural });
}
