import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue } from "../field-errors.ts";
import type { PartSubresource } from "../kind.ts";
import type { Container, Pod, PodSpec } from "./pod.ts";
import { qosClassOf } from "./pod-qos.ts";
import { checkResources } from "./resource-validation.ts";

const LISTS = ["requests", "limits"] as const;
const CHANGEABLE: ReadonlySet<string> = new Set(["cpu", "memory"]);

/** pods/resize: what the containers of a pod request and may use, changed while they run. */
export const podResize: PartSubresource<Pod> = {
  take({ spec }, old) {
    const containers = resized(spec?.containers, old.spec.containers);
    const initContainers = resized(spec?.initContainers, old.spec.initContainers);
    return {
      ...old,
      spec: { ...old.spec, ...(containers && { containers }), ...(initContainers && { initContainers }) },
    };
  },
  validate({ spec, status }, old) {
    const errors: FieldError[] = [];
    checkOrder("containers", spec.containers, old.spec.containers, errors);
    checkOrder("initContainers", spec.initContainers, old.spec.initContainers, errors);
    if (errors.length > 0) return errors;
    checkAll(spec, old.spec, errors);
    if (qosClassOf(spec) !== qosClassOf(old.spec)) {
      const detail = "Pod QOS Class may not change as a result of resizing";
      errors.push(invalidValue("spec", status.qosClass ?? "", detail));
    }
    return errors;
  },
};

/** The old containers with the resources of the given ones; the given ones where they are not the same. */
function resized(
  given: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly Container[] | undefined {
  if (given === undefined || old === undefined) return old;
  const isSame = given.length === old.length && given.every(({ name }, index) => name === old[index]?.name);
  return isSame ? old.map((container, index) => withResources(container, given[index] as Container)) : given;
}

function withResources(container: Container, { resources, resizePolicy }: Container): Container {
  const { resources: _old, resizePolicy: _policy, ...rest } = container;
  return { ...rest, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) };
}

function checkOrder(
  name: "containers" | "initContainers",
  given: readonly Container[] = [],
  old: readonly Container[] = [],
  errors: FieldError[],
): void {
  if (given.length !== old.length) {
    errors.push(forbidden(`spec.${name}`, `${name} may not be added or removed`));
    return;
  }
  given.forEach((container, index) => {
    if (container.name === old[index]?.name) return;
    errors.push(forbidden(`spec.${name}[${index}].name`, `${name} may not be renamed or reordered`));
  });
}

function checkAll(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  spec.containers.forEach((container, index) => {
    check(`spec.containers[${index}]`, container, old.containers[index] as Container, errors);
  });
  (spec.initContainers ?? []).forEach((container, index) => {
    const before = old.initContainers?.[index] as Container;
    if (deepEqual(container.resources, before.resources)) return;
    if (before.restartPolicy === "Always") check(`spec.initContainers[${index}]`, container, before, errors);
    else errors.push(forbidden("spec", "only cpu and memory resources for sidecar containers are mutable"));
  });
}

function check(field: string, container: Container, old: Container, errors: FieldError[]): void {
  const { resources = {} } = container;
  if (deepEqual(resources, old.resources ?? {})) return;
  checkResources(field, resources, errors);
  for (const list of LISTS) {
    const after = resources[list] ?? {};
    const before = old.resources?.[list] ?? {};
    const isGone = Object.keys(before).some((name) => CHANGEABLE.has(name) && after[name] === undefined);
    if (isGone) errors.push(forbidden(`${field}.resources.${list}`, `resource ${list} cannot be removed`));
    const names = [...Object.keys(before), ...Object.keys(after)];
    if (names.some((name) => !CHANGEABLE.has(name) && after[name] !== before[name])) {
      errors.push(forbidden("spec", "only cpu and memory resources are mutable"));
    }
  }
}
