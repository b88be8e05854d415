import { ApiError } from "../errors.ts";
import { type LimitRangeItem, limitRanges } from "../kinds/limit-range.ts";
import { type Container, type Pod, pods } from "../kinds/pod.ts";
import { qosClassOf } from "../kinds/pod-qos.ts";
import { parseQuantity } from "../quantity.ts";
import type { Admission } from "./admission.ts";

type Quantities = Readonly<Record<string, string>>;

/** Gives containers the requests and limits of the namespace's limit ranges, and refuses what is outside of them. */
export const limitRanger: Admission = {
  name: "LimitRanger",
  summary: "gives containers default requests and limits, and keeps them within the namespace's limit ranges",
  kinds: [pods.schema],
  admit(object, { lookup }) {
    if (lookup.count(limitRanges) === 0) return object;
    const ranges = lookup.list(limitRanges, object.metadata.namespace);
    let pod = object as Pod;
    for (const item of ranges.flatMap(({ spec }) => spec.limits)) {
      if (item.type === "Container") pod = withDefaults(pod, item);
    }
    for (const item of ranges.flatMap(({ spec }) => spec.limits)) check(pod, item);
    if (pod === object) return pod;
    return { ...pod, status: { ...pod.status, qosClass: qosClassOf(pod.spec) } };
  },
};

function withDefaults(pod: Pod, item: LimitRangeItem): Pod {
  const complete = (container: Container): Container => {
    const { resources = {} } = container;
    const limits = { ...item.default, ...resources.limits };
    const requests = { ...item.defaultRequest, ...resources.requests };
    const added = (all: Quantities, own: Quantities = {}) =>
      Object.keys(all).length > Object.keys(own).length;
    if (!added(limits, resources.limits) && !added(requests, resources.requests)) return container;
    return { ...container, resources: { ...resources, limits, requests } };
  };
  const { containers, initContainers } = pod.spec;
  const spec = {
    ...pod.spec,
    containers: containers.map(complete),
    ...(initContainers && { initContainers: initContainers.map(complete) }),
  };
  const isSame =
    spec.containers.every((one, at) => one === containers[at]) &&
    (spec.initContainers ?? []).every((one, at) => one === initContainers?.[at]);
  return isSame ? pod : { ...pod, spec };
}

function check(pod: Pod, item: LimitRangeItem): void {
  if (item.type !== "Container") return;
  const faults: string[] = [];
  for (const { resources = {} } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    checkBounds(item, resources, faults);
  }
  if (faults.length === 0) return;
  const { name } = pod.metadata;
  const why = faults.length === 1 ? faults[0] : `[${faults.join(", ")}]`;
  throw new ApiError("Forbidden", `pods "${name}" is forbidden: ${why}`, { name, kind: pods.plural });
}

function checkBounds(
  { type, min = {}, max = {} }: LimitRangeItem,
  { requests = {}, limits = {} }: NonNullable<Container["resources"]>,
  faults: string[],
): void {
  const amount = (text: string) => parseQuantity(text) ?? 0;
  for (const [resource, least] of Object.entries(min)) {
    const request = requests[resource];
    const usage = `minimum ${resource} usage per ${type} is ${least}`;
    if (request === undefined) faults.push(`${usage}.  No request is specified`);
    else if (amount(request) < amount(least)) faults.push(`${usage}, but request is ${request}`);
  }
  for (const [resource, most] of Object.entries(max)) {
    const limit = limits[resource];
    const usage = `maximum ${resource} usage per ${type} is ${most}`;
    if (limit === undefined) faults.push(`${usage}.  No limit is specified`);
    else if (amount(limit) > amount(most)) faults.push(`${usage}, but limit is ${limit}`);
  }
}
