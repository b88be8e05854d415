import { isReason } from "../../../api/errors.ts";
import { configMaps } from "../../../api/kinds/config-map.ts";
import type { Container, Pod } from "../../../api/kinds/pod.ts";
import { secrets } from "../../../api/kinds/secret.ts";
import type { Objects } from "../../../api/objects.ts";
import { hasOwnVolumes, isTokenVolume } from "../../../api/token-volume.ts";

/** A ConfigMap or Secret that must be there, with one of its keys perhaps. */
interface Reference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly key?: string;
  /** The volume that is to be made of it. */
  readonly volume?: string;
}

interface Named {
  readonly name?: string;
  readonly optional?: boolean;
}

interface KeySelector extends Named {
  readonly key?: string;
}

interface Items {
  readonly items?: readonly { readonly key?: string }[];
}

interface Source {
  readonly configMap?: Named & Items;
  readonly secret?: Named & Items & { readonly secretName?: string };
  readonly projected?: { readonly sources?: readonly Source[] };
}

const NONE: readonly Reference[] = Object.freeze([]);

/** What the variables of a container are made of; most containers have none of these. */
export function referencesOfEnvironment({ env, envFrom }: Container): readonly Reference[] {
  if (env === undefined && envFrom === undefined) return NONE;
  const found: Reference[] = [];
  for (const { configMapRef, secretRef } of envFrom ?? []) {
    add(found, "ConfigMap", configMapRef);
    add(found, "Secret", secretRef);
  }
  for (const { valueFrom } of env ?? []) {
    const source = valueFrom as
      | { readonly configMapKeyRef?: KeySelector; readonly secretKeyRef?: KeySelector }
      | undefined;
    add(found, "ConfigMap", source?.configMapKeyRef, source?.configMapKeyRef?.key);
    add(found, "Secret", source?.secretKeyRef, source?.secretKeyRef?.key);
  }
  return found;
}

/** What the volumes of a pod are made of. */
export function referencesOfVolumes({ spec }: Pod): readonly Reference[] {
  if (!hasOwnVolumes(spec)) return NONE;
  const found: Reference[] = [];
  for (const volume of spec.volumes ?? []) {
    if (!isTokenVolume(volume)) addSource(found, volume as Source, volume.name);
  }
  return found;
}

function addSource(found: Reference[], { configMap, secret, projected }: Source, volume: string): void {
  const keys = (items: Items["items"]) => (items === undefined ? [undefined] : items.map(({ key }) => key));
  for (const key of keys(configMap?.items)) add(found, "ConfigMap", configMap, key, volume);
  const named = secret && { ...secret, name: secret.secretName ?? secret.name ?? "" };
  for (const key of keys(secret?.items)) add(found, "Secret", named, key, volume);
  for (const source of projected?.sources ?? []) addSource(found, source, volume);
}

function add(
  found: Reference[],
  kind: Reference["kind"],
  named: Named | undefined,
  key?: string,
  volume?: string,
): void {
  if (named?.name === undefined || named.name === "" || named.optional === true) return;
  found.push({
    kind,
    name: named.name,
    ...(key !== undefined && { key }),
    ...(volume !== undefined && { volume }),
  });
}

/** What is missing first, in a kubelet's words; undefined: nothing is. */
export async function firstMissing(
  objects: Objects,
  namespace: string,
  references: readonly Reference[],
): Promise<string | undefined> {
  for (const reference of references) {
    const problem = await problemOf(objects, namespace, reference);
    if (problem === undefined) continue;
    const { volume } = reference;
    return volume === undefined ? problem : `MountVolume.SetUp failed for volume "${volume}" : ${problem}`;
  }
  return undefined;
}

async function problemOf(
  objects: Objects,
  namespace: string,
  { kind, name, key, volume }: Reference,
): Promise<string | undefined> {
  const keys = await keysOf(objects, kind, { namespace, name });
  if (keys === undefined) return `${kind.toLowerCase()} "${name}" not found`;
  if (key === undefined || keys.has(key)) return undefined;
  return volume === undefined
    ? `couldn't find key ${key} in ${kind} ${namespace}/${name}`
    : `references non-existent config key: ${key}`;
}

async function keysOf(
  objects: Objects,
  kind: Reference["kind"],
  key: { readonly namespace: string; readonly name: string },
): Promise<ReadonlySet<string> | undefined> {
  try {
    const found: { readonly data?: object; readonly binaryData?: object } =
      kind === "Secret" ? await objects.get(secrets, key) : await objects.get(configMaps, key);
    return new Set([...Object.keys(found.data ?? {}), ...Object.keys(found.binaryData ?? {})]);
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
