import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { dnsSubdomainFault } from "../names.ts";
import { parseQuantity } from "../quantity.ts";
import { checkFieldReference, checkResourceReference } from "./environment-validation.ts";

/** Looks at one source of a volume; `field` is its path. */
export type SourceCheck = (field: string, source: object, errors: FieldError[]) => void;

const MODE_FAULT = "must be a number between 0 and 0777 (octal), both inclusive";
const MOST_MODE = 0o777;
/** Sorted, as refusals name them; the empty one is no check at all. */
const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
const FILE_FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

interface Files {
  readonly name?: string;
  readonly secretName?: string;
  readonly defaultMode?: number;
  readonly items?: readonly FileItem[];
}

interface FileItem {
  readonly key?: string;
  readonly path?: string;
  readonly mode?: number;
  readonly fieldRef?: object;
  readonly resourceFieldRef?: object;
}

interface Projection {
  readonly secret?: Files;
  readonly configMap?: Files;
  readonly downwardAPI?: Files;
  readonly serviceAccountToken?: { readonly path?: string; readonly expirationSeconds?: number };
  readonly clusterTrustBundle?: object;
}

/** A check that names must be given, as far as most sources are looked at. */
function needs(...names: readonly string[]): SourceCheck {
  return (field, source, errors) => {
    const given = source as Readonly<Record<string, unknown>>;
    for (const name of names) if (!given[name]?.toString()) errors.push(requiredValue(`${field}.${name}`));
  };
}

function checkEmptyDirectory(field: string, source: object, errors: FieldError[]): void {
  const { sizeLimit } = source as { readonly sizeLimit?: string };
  if (sizeLimit === undefined || (parseQuantity(sizeLimit) ?? 0) >= 0) return;
  errors.push(forbidden(`${field}.sizeLimit`, "SizeLimit field must be a valid resource quantity"));
}

function checkHostPath(field: string, source: object, errors: FieldError[]): void {
  const { path, type } = source as { readonly path?: string; readonly type?: string };
  if (!path) {
    errors.push(requiredValue(`${field}.path`));
    return;
  }
  checkNoBacksteps(`${field}.path`, path, errors);
  if (type !== undefined && !HOST_PATH_TYPES.includes(type)) {
    errors.push(notSupported(`${field}.type`, type, HOST_PATH_TYPES));
  }
}

function checkNfs(field: string, source: object, errors: FieldError[]): void {
  needs("server", "path")(field, source, errors);
  const { path = "" } = source as { readonly path?: string };
  if (!path.startsWith("/")) errors.push(invalidValue(`${field}.path`, path, "must be an absolute path"));
}

function checkFiles(name: "name" | "secretName"): SourceCheck {
  return (field, source, errors) => {
    const files = source as Files;
    if (!files[name]) errors.push(requiredValue(`${field}.${name}`));
    checkMode(`${field}.defaultMode`, files.defaultMode, errors);
    checkItems(field, files, errors);
  };
}

function checkItems(field: string, { items = [] }: Files, errors: FieldError[]): void {
  for (const [index, { key, path = "", mode }] of items.entries()) {
    const at = `${field}.items[${index}]`;
    if (!key) errors.push(requiredValue(`${at}.key`));
    if (!path) errors.push(requiredValue(`${at}.path`));
    checkLocalPath(`${at}.path`, path, errors);
    checkMode(`${at}.mode`, mode, errors);
  }
}

function checkDownward(field: string, source: object, errors: FieldError[]): void {
  const files = source as Files;
  checkMode(`${field}.defaultMode`, files.defaultMode, errors);
  checkDownwardItems(field, files, errors);
}

/** These do not say which of the files they mean. */
function checkDownwardItems(field: string, { items = [] }: Files, errors: FieldError[]): void {
  for (const { path = "", mode, fieldRef, resourceFieldRef } of items) {
    if (!path) errors.push(requiredValue(`${field}.path`));
    checkLocalPath(`${field}.path`, path, errors);
    if (fieldRef !== undefined) {
      checkFieldReference(`${field}.fieldRef`, fieldRef, FILE_FIELDS, errors);
      if (resourceFieldRef !== undefined) {
        const detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
        errors.push(invalidValue(field, "resource", detail));
      }
    } else if (resourceFieldRef !== undefined) {
      checkResourceReference(`${field}.resourceFieldRef`, resourceFieldRef, true, errors);
    } else errors.push(requiredValue(field, "one of fieldRef and resourceFieldRef is required"));
    checkMode(`${field}.mode`, mode, errors);
  }
}

function checkProjected(field: string, source: object, errors: FieldError[]): void {
  const { defaultMode, sources = [] } = source as {
    readonly defaultMode?: number;
    readonly sources?: readonly Projection[];
  };
  checkMode(`${field}.defaultMode`, defaultMode, errors);
  const paths = new Set<string>();
  for (const [index, projection] of sources.entries()) {
    const at = `${field}.sources[${index}]`;
    const { secret, configMap, downwardAPI, serviceAccountToken: token, clusterTrustBundle } = projection;
    for (const [name, files] of [
      ["secret", secret],
      ["configMap", configMap],
    ] as const) {
      if (files === undefined) continue;
      if (!files.name) errors.push(requiredValue(`${at}.${name}.name`));
      checkItems(`${at}.${name}`, files, errors);
      checkPaths(field, files, paths, files.name, errors);
    }
    if (downwardAPI !== undefined) {
      checkDownwardItems(`${at}.downwardAPI`, downwardAPI, errors);
      checkPaths(field, downwardAPI, paths, undefined, errors);
    }
    if (token !== undefined) checkToken(field, at, token, errors);
    const given = [secret, configMap, downwardAPI, token, clusterTrustBundle].filter(
      (one) => one !== undefined,
    );
    if (given.length > 1) errors.push(forbidden(at, "may not specify more than 1 volume type per source"));
  }
}

function checkPaths(
  field: string,
  { items = [] }: Files,
  paths: Set<string>,
  name: string | undefined,
  errors: FieldError[],
): void {
  for (const { path } of items) {
    if (!path) continue;
    if (paths.has(path)) errors.push(invalidValue(field, name ?? path, "conflicting duplicate paths"));
    paths.add(path);
  }
}

const LEAST_TOKEN_SECONDS = 600;
const MOST_TOKEN_SECONDS = 2 ** 32;
const HOUR_SECONDS = 3_600;

function checkToken(
  field: string,
  source: string,
  { path, expirationSeconds: seconds = HOUR_SECONDS }: NonNullable<Projection["serviceAccountToken"]>,
  errors: FieldError[],
): void {
  const at = `${source}.serviceAccountToken.expirationSeconds`;
  if (seconds < LEAST_TOKEN_SECONDS) {
    errors.push(invalidValue(at, seconds, "may not specify a duration less than 10 minutes"));
  }
  if (seconds > MOST_TOKEN_SECONDS) {
    errors.push(invalidValue(at, seconds, "may not specify a duration larger than 2^32 seconds"));
  }
  if (!path) errors.push(requiredValue(`${field}.path`));
  else checkLocalPath(`${field}.path`, path, errors);
}

function checkMode(field: string, mode: number | undefined, errors: FieldError[]): void {
  if (mode !== undefined && (mode < 0 || mode > MOST_MODE))
    errors.push(invalidValue(field, mode, MODE_FAULT));
}

/** ValidateLocalNonReservedPath: within the volume, and none of the names that a kubelet uses itself. */
function checkLocalPath(field: string, path: string, errors: FieldError[]): void {
  checkDescendingPath(field, path, errors);
  if (path.startsWith("..") && !path.startsWith("../")) {
    errors.push(invalidValue(field, path, "must not start with '..'"));
  }
}

/** validateLocalDescendingPath: relative, and never up. */
export function checkDescendingPath(field: string, path: string, errors: FieldError[]): void {
  if (path.startsWith("/")) errors.push(invalidValue(field, path, "must be a relative path"));
  checkNoBacksteps(field, path, errors);
}

function checkNoBacksteps(field: string, path: string, errors: FieldError[]): void {
  if (path.split("/").includes("..")) errors.push(invalidValue(field, path, "must not contain '..'"));
}

function checkCsi(field: string, source: object, errors: FieldError[]): void {
  const { driver = "", nodePublishSecretRef: secret } = source as {
    readonly driver?: string;
    readonly nodePublishSecretRef?: { readonly name?: string };
  };
  if (driver === "") errors.push(requiredValue(`${field}.driver`));
  const fault = driver === "" ? undefined : dnsSubdomainFault(driver.toLowerCase());
  if (fault !== undefined) errors.push(invalidValue(`${field}.driver`, driver, fault));
  if (secret !== undefined && !secret.name) errors.push(requiredValue(`${field}.nodePublishSecretRef.name`));
}

/** Sources that a pod's volume can have, in the order in which Kubernetes looks at them; `ephemeral` comes last. */
export const VOLUME_SOURCES: readonly (readonly [string, SourceCheck])[] = [
  ["emptyDir", checkEmptyDirectory],
  ["hostPath", checkHostPath],
  ["gitRepo", needs("repository")],
  ["gcePersistentDisk", needs("pdName")],
  ["awsElasticBlockStore", needs("volumeID")],
  ["secret", checkFiles("secretName")],
  ["nfs", checkNfs],
  ["iscsi", needs("targetPortal", "iqn")],
  ["glusterfs", needs("endpoints", "path")],
  ["flocker", () => undefined],
  ["persistentVolumeClaim", needs("claimName")],
  ["rbd", needs("monitors", "image")],
  ["cinder", needs("volumeID")],
  ["cephfs", needs("monitors")],
  ["quobyte", needs("registry", "volume")],
  ["downwardAPI", checkDownward],
  ["fc", () => undefined],
  ["flexVolume", needs("driver")],
  ["configMap", checkFiles("name")],
  ["azureFile", needs("secretName", "shareName")],
  ["vsphereVolume", needs("volumePath")],
  ["photonPersistentDisk", needs("pdID")],
  ["portworxVolume", needs("volumeID")],
  ["azureDisk", needs("diskName", "diskURI")],
  ["storageos", () => undefined],
  ["projected", checkProjected],
  ["scaleIO", needs("gateway", "system", "volumeName")],
  ["csi", checkCsi],
];
