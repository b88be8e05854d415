import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notFoundValue, notSupported, requiredValue } from "../field-errors.ts";
import type { Container, Volume, VolumeDevice, VolumeMount } from "./pod.ts";
import { checkDescendingPath } from "./volume-source-validation.ts";

type Volumes = ReadonlyMap<string, Volume>;

/** Sorted, as refusals name them. */
const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"];
const NOTHING: readonly never[] = [];

/** Where a container mounts volumes, as files and as devices: volumes that there are, each place once. */
export function checkVolumeMounts(
  field: string,
  container: Container,
  volumes: Volumes,
  errors: FieldError[],
): void {
  const { volumeMounts = NOTHING, volumeDevices = NOTHING } = container;
  const places = new Set<string>();
  for (let index = 0; index < volumeMounts.length; index++) {
    const mount = volumeMounts[index] as VolumeMount;
    const at = `${field}.volumeMounts[${index}]`;
    checkMount(at, mount, places, volumes, errors);
    checkAgainstDevices(at, mount, volumeDevices, errors);
    checkWays(`${field}.volumeMounts`, at, mount, container, errors);
  }
  if (volumeDevices.length > 0) checkDevices(`${field}.volumeDevices`, container, volumes, errors);
}

/** ValidateVolumeMounts. */
function checkMount(
  at: string,
  { name, mountPath }: VolumeMount,
  places: Set<string>,
  volumes: Volumes,
  errors: FieldError[],
): void {
  if (!name) errors.push(requiredValue(`${at}.name`));
  if (!volumes.has(name)) errors.push(notFoundValue(`${at}.name`, name ?? ""));
  if (!mountPath) errors.push(requiredValue(`${at}.mountPath`));
  if (places.has(mountPath)) errors.push(invalidValue(`${at}.mountPath`, mountPath, "must be unique"));
  places.add(mountPath);
}

function checkAgainstDevices(
  at: string,
  { name, mountPath }: VolumeMount,
  devices: readonly VolumeDevice[],
  errors: FieldError[],
): void {
  if (devices.some((device) => device.name === name)) {
    errors.push(invalidValue(`${at}.name`, name, "must not already exist in volumeDevices"));
  }
  if (devices.some(({ devicePath }) => devicePath === mountPath)) {
    const detail = "must not already exist as a path in volumeDevices";
    errors.push(invalidValue(`${at}.mountPath`, mountPath, detail));
  }
}

/** What part is mounted, and how; most of it is said without saying of which mount. */
function checkWays(
  list: string,
  at: string,
  { subPath, subPathExpr, mountPropagation, recursiveReadOnly, readOnly }: VolumeMount,
  { securityContext }: Container,
  errors: FieldError[],
): void {
  if (subPath) checkDescendingPath(`${list}.subPath`, subPath, errors);
  if (subPathExpr) {
    const detail = "subPathExpr and subPath are mutually exclusive";
    if (subPath) errors.push(invalidValue(`${at}.subPathExpr`, subPathExpr, detail));
    checkDescendingPath(`${list}.subPathExpr`, subPathExpr, errors);
  }
  if (mountPropagation !== undefined && !PROPAGATIONS.includes(mountPropagation)) {
    errors.push(notSupported(`${list}.mountPropagation`, mountPropagation, PROPAGATIONS));
  }
  if (mountPropagation === "Bidirectional" && securityContext?.privileged !== true) {
    const detail = "Bidirectional mount propagation is available only to privileged containers";
    errors.push(forbidden(`${list}.mountPropagation`, detail));
  }
  if (recursiveReadOnly !== undefined && recursiveReadOnly !== "Disabled" && readOnly !== true) {
    errors.push(forbidden(`${list}.recursiveReadOnly`, "may only be specified when readOnly is true"));
  }
}

/** ValidateVolumeDevices. */
function checkDevices(
  list: string,
  { volumeDevices = [], volumeMounts = [] }: Container,
  volumes: Volumes,
  errors: FieldError[],
): void {
  const names = new Set<string>();
  const places = new Set<string>();
  for (const [index, { name = "", devicePath = "" }] of volumeDevices.entries()) {
    const at = `${list}[${index}]`;
    const volume = volumes.get(name);
    if (!name) errors.push(requiredValue(`${at}.name`));
    if (names.has(name)) errors.push(invalidValue(`${at}.name`, name, "must be unique"));
    if (volume === undefined) errors.push(notFoundValue(`${at}.name`, name));
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
      const detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
      errors.push(invalidValue(`${at}.name`, name, detail));
    }
    if (!devicePath) errors.push(requiredValue(`${at}.devicePath`));
    if (places.has(devicePath)) errors.push(invalidValue(`${at}.devicePath`, devicePath, "must be unique"));
    if (devicePath.split("/").includes("..")) {
      errors.push(invalidValue(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    }
    if (volumeMounts.some((mount) => mount.name === name)) {
      errors.push(invalidValue(`${at}.name`, name, "must not already exist in volumeMounts"));
    }
    if (volumeMounts.some(({ mountPath }) => mountPath === devicePath)) {
      const detail = "must not already exist as a path in volumeMounts";
      errors.push(invalidValue(`${at}.devicePath`, devicePath, detail));
    }
    if (name) names.add(name);
    places.add(devicePath);
  }
}
