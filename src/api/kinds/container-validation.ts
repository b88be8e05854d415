import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { dnsLabelFault } from "../names.ts";
import { checkContainerPorts, checkHostPorts } from "./container-ports-validation.ts";
import { checkEnvironment, checkEnvironmentSources } from "./environment-validation.ts";
import type { Container, PodSpec, Volume } from "./pod.ts";
import { checkProbes } from "./probe-validation.ts";
import { checkResources } from "./resource-validation.ts";
import { checkSecurityContext } from "./security-context-validation.ts";
import { checkVolumeMounts } from "./volume-mounts-validation.ts";

/** Sorted, as refusals name them. */
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];

/** What containers of a pod are looked at with. */
interface PodContext {
  readonly spec: PodSpec;
  /** Volumes that may be mounted, by name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly errors: FieldError[];
}

/** Containers and init containers (validateContainers, validateInitContainers): at least one, names that are unique. */
export function checkContainers(
  spec: PodSpec,
  volumes: ReadonlyMap<string, Volume>,
  errors: FieldError[],
): void {
  const context = { spec, volumes, errors };
  const names = new Set<string>();
  if (spec.containers === undefined || spec.containers.length === 0) {
    errors.push(requiredValue("spec.containers"));
  } else {
    for (let index = 0; index < spec.containers.length; index++) {
      checkMain(`spec.containers[${index}]`, spec.containers[index] as Container, names, context);
    }
    checkHostPorts("spec.containers", spec.containers, errors);
  }
  if (spec.initContainers === undefined) return;
  for (const [index, container] of spec.initContainers.entries()) {
    checkInit(`spec.initContainers[${index}]`, container, names, context);
    checkHostPorts("spec.initContainers", [container], errors);
  }
}

function checkMain(field: string, container: Container, names: Set<string>, context: PodContext): void {
  const { errors, spec } = context;
  checkContainer(field, container, context);
  checkUnique(field, container.name, names, errors);
  if (isProbed(container)) checkProbes(field, container, spec.terminationGracePeriodSeconds, errors);
  if (container.restartPolicy !== undefined) {
    errors.push(forbidden(`${field}.restartPolicy`, "may not be set for non-init containers"));
  }
}

function checkInit(field: string, container: Container, names: Set<string>, context: PodContext): void {
  const { errors, spec } = context;
  checkContainer(field, container, context);
  const { restartPolicy } = container;
  if (restartPolicy !== undefined && restartPolicy !== "Always") {
    errors.push(notSupported(`${field}.restartPolicy`, restartPolicy, ["Always"]));
  }
  checkUnique(field, container.name, names, errors);
  if (!isProbed(container)) return;
  if (restartPolicy === "Always") {
    checkProbes(field, container, spec.terminationGracePeriodSeconds, errors);
    return;
  }
  for (const part of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
    if (container[part] === undefined) continue;
    const detail = "may not be set for init containers without restartPolicy=Always";
    errors.push(forbidden(`${field}.${part}`, detail));
  }
}

/** What containers of all kinds keep to (validateContainerCommon). */
export function checkContainer(
  field: string,
  container: Container,
  { spec, volumes, errors }: PodContext,
): void {
  checkName(field, container.name, errors);
  const { terminationMessagePolicy: messages = "File", imagePullPolicy = "Always" } = container;
  if (!MESSAGE_POLICIES.includes(messages)) {
    errors.push(notSupported(`${field}.terminationMessagePolicy`, messages, MESSAGE_POLICIES));
  }
  if (container.ports !== undefined) checkContainerPorts(`${field}.ports`, container.ports, errors);
  if (container.env !== undefined) checkEnvironment(`${field}.env`, container.env, errors);
  if (container.envFrom !== undefined) checkEnvironmentSources(`${field}.envFrom`, container.envFrom, errors);
  checkVolumeMounts(field, container, volumes, errors);
  if (!PULL_POLICIES.includes(imagePullPolicy)) {
    errors.push(notSupported(`${field}.imagePullPolicy`, imagePullPolicy, PULL_POLICIES));
  }
  if (container.resources !== undefined) checkResources(`${field}.resources`, container.resources, errors);
  if (container.securityContext !== undefined) {
    checkSecurityContext(
      `${field}.securityContext`,
      container.securityContext,
      spec.hostUsers !== false,
      errors,
    );
  }
}

/** Images of pods, not of templates (validateContainerOnlyForPod). */
export function checkImages(
  list: string,
  containers: readonly Container[] | undefined,
  errors: FieldError[],
): void {
  for (const [index, { image = "" }] of (containers ?? []).entries()) {
    if (image.trim() === image) continue;
    const detail = "must not have leading or trailing whitespace";
    errors.push(invalidValue(`${list}[${index}].image`, image, detail));
  }
}

/** Most containers have nothing of the kind. */
function isProbed({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): boolean {
  return (livenessProbe ?? readinessProbe ?? startupProbe ?? lifecycle) !== undefined;
}

function checkName(field: string, name: string, errors: FieldError[]): void {
  if (!name) {
    errors.push(requiredValue(`${field}.name`));
    return;
  }
  const fault = dnsLabelFault(name);
  if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
}

/** A name that no other container has; adds it to `names`. */
export function checkUnique(field: string, name: string, names: Set<string>, errors: FieldError[]): void {
  if (name && names.has(name)) errors.push(duplicateValue(`${field}.name`, name));
  names.add(name);
}
