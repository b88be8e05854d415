import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, notFoundValue } from "../field-errors.ts";
import type { PartSubresource } from "../kind.ts";
import { checkContainer, checkImages, checkUnique } from "./container-validation.ts";
import type { EphemeralContainer, Pod, PodSpec } from "./pod.ts";
import { withContainerDefaults } from "./pod-defaults.ts";

/** What an ephemeral container cannot have, as it is not planned for; in the order of v1.EphemeralContainer. */
const NOT_FOR_EPHEMERAL = [
  "ports",
  "resources",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

/** pods/ephemeralcontainers: `kubectl debug` adds containers to a pod that runs. */
export const ephemeralContainers: PartSubresource<Pod> = {
  take({ spec }, old) {
    const added = spec?.ephemeralContainers?.map(withContainerDefaults);
    if (added === undefined && old.spec.ephemeralContainers === undefined) return old;
    return { ...old, spec: { ...old.spec, ephemeralContainers: added ?? [] } };
  },
  validate({ spec }, old) {
    const errors: FieldError[] = [];
    checkAll(spec, errors);
    checkKept(spec, old.spec, errors);
    return errors;
  },
};

/** The rules of validateEphemeralContainers. */
function checkAll(spec: PodSpec, errors: FieldError[]): void {
  const others = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  const names = new Set(others);
  const volumes = new Map(spec.volumes?.map((volume) => [volume.name, volume]));
  for (const [index, container] of (spec.ephemeralContainers ?? []).entries()) {
    const field = `spec.ephemeralContainers[${index}]`;
    checkContainer(field, container, { spec, volumes, errors });
    checkUnique(field, container.name, names, errors);
    const { targetContainerName: target } = container;
    if (target && !others.includes(target)) {
      errors.push(notFoundValue(`${field}.targetContainerName`, target));
    }
    checkFields(field, container, errors);
  }
  checkImages("spec.ephemeralContainers", spec.ephemeralContainers, errors);
}

function checkFields(field: string, container: EphemeralContainer, errors: FieldError[]): void {
  for (const name of NOT_FOR_EPHEMERAL) {
    const given = container[name];
    if (given !== undefined && Object.keys(given).length > 0)
      errors.push(notForEphemeral(`${field}.${name}`));
  }
  for (const [index, { subPath, subPathExpr }] of (container.volumeMounts ?? []).entries()) {
    const at = `${field}.volumeMounts[${index}]`;
    if (subPath) errors.push(notForEphemeral(`${at}.subPath`));
    if (subPathExpr) errors.push(notForEphemeral(`${at}.subPathExpr`));
  }
}

function notForEphemeral(field: string): FieldError {
  return forbidden(field, "cannot be set for an Ephemeral Container");
}

/** The rules of ValidatePodEphemeralContainersUpdate: what is there stays as it is. */
function checkKept(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  for (const before of old.ephemeralContainers ?? []) {
    const after = spec.ephemeralContainers?.find(({ name }) => name === before.name);
    if (after !== undefined && deepEqual(after, before)) continue;
    const what = after === undefined ? "removed" : "changed";
    const detail = `existing ephemeral containers ${JSON.stringify(before.name)} may not be ${what}\n`;
    errors.push(forbidden("spec.ephemeralContainers", detail));
  }
}
