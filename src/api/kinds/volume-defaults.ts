import { mapShared } from "../map-shared.ts";
import { claimSpecDefaults } from "./persistent-volume-claim.ts";
import type { Container, Volume } from "./pod.ts";

/** Mode 0644 of files that a volume makes. */
const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3_600;
const FIELD_VERSION = { apiVersion: "v1" };
/** What sources of volumes leave out. */
const SOURCE_DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  secret: { defaultMode: FILE_MODE },
  configMap: { defaultMode: FILE_MODE },
  downwardAPI: { defaultMode: FILE_MODE },
  projected: { defaultMode: FILE_MODE },
  hostPath: { type: "" },
  iscsi: { iscsiInterface: "default" },
  rbd: { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" },
  azureDisk: { cachingMode: "ReadWrite", kind: "Shared", fsType: "ext4", readOnly: false },
  scaleIO: { storageMode: "ThinProvisioned", fsType: "xfs" },
};

type Variable = NonNullable<Container["env"]>[number];

/** A volume with what its source leaves out; without a source it is an empty directory. */
export function withVolumeDefaults(volume: Volume): Volume {
  let complete = volume;
  let hasSource = false;
  for (const source in volume) {
    if (source === "name") continue;
    hasSource = true;
    const defaults = Object.hasOwn(SOURCE_DEFAULTS, source) ? SOURCE_DEFAULTS[source] : undefined;
    const given = (volume as unknown as Readonly<Record<string, object>>)[source] as object;
    if (defaults === undefined) continue;
    const isWhole = Object.keys(defaults).every((field) => Object.hasOwn(given, field));
    if (!isWhole) complete = { ...complete, [source]: { ...defaults, ...given } };
  }
  if (!hasSource) return { emptyDir: {}, ...volume };
  complete = withFileDefaults(complete);
  return volume.ephemeral === undefined ? complete : withClaimDefaults(complete);
}

interface Files {
  readonly items?: readonly FieldFile[];
}

interface FieldFile {
  readonly fieldRef?: { readonly apiVersion?: string };
}

interface Projection {
  readonly downwardAPI?: Files;
  readonly serviceAccountToken?: { readonly expirationSeconds?: number };
}

function withFileDefaults(volume: Volume): Volume {
  const downwardAPI = volume.downwardAPI && withFieldFiles(volume.downwardAPI);
  const given = volume.projected?.sources as readonly Projection[] | undefined;
  const sources = mapShared(given, withProjectionDefaults);
  let complete = volume;
  if (downwardAPI !== volume.downwardAPI) complete = { ...complete, downwardAPI } as Volume;
  if (sources !== given) complete = { ...complete, projected: { ...complete.projected, sources } };
  return complete;
}

function withProjectionDefaults(source: Projection): Projection {
  const { serviceAccountToken: token } = source;
  const downwardAPI = source.downwardAPI && withFieldFiles(source.downwardAPI);
  const isTimed = token === undefined || token.expirationSeconds !== undefined;
  if (isTimed && downwardAPI === source.downwardAPI) return source;
  return {
    ...source,
    ...(downwardAPI && { downwardAPI }),
    ...(token && { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, ...token } }),
  };
}

function withFieldFiles<T extends object>(files: T): T {
  const { items } = files as Files;
  const complete = mapShared(items, (file: FieldFile) => withFieldVersion(file));
  return complete === items ? files : { ...files, items: complete };
}

/** A variable that is made of a field of the pod names the version of that field. */
export function withReferenceDefaults(variable: Variable): Variable {
  if (variable.valueFrom === undefined) return variable;
  const valueFrom = withFieldVersion(variable.valueFrom as FieldFile);
  return valueFrom === variable.valueFrom ? variable : { ...variable, valueFrom };
}

function withFieldVersion<T extends FieldFile>(source: T): T {
  const { fieldRef } = source;
  if (fieldRef === undefined || fieldRef.apiVersion) return source;
  return { ...source, fieldRef: { ...fieldRef, ...FIELD_VERSION } };
}

function withClaimDefaults(volume: Volume): Volume {
  const template = volume.ephemeral?.volumeClaimTemplate;
  const spec = claimSpecDefaults(template?.spec);
  if (template === undefined || spec === template.spec) return volume;
  return { ...volume, ephemeral: { ...volume.ephemeral, volumeClaimTemplate: { ...template, spec } } };
}
