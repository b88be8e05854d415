import { claimSpecWarnings } from "./byte-warnings.ts";
import type { Volume } from "./pod.ts";

/** Sources of volumes that are there no more, or will not be for long. */
export const OLD_SOURCES: Readonly<Record<string, string>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  flocker: "deprecated in v1.22, non-functional in v1.25+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  quobyte: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};
/** What refusals call sources whose field has another name. */
const CALLED: Readonly<Record<string, string>> = { storageos: "storageOS" };

interface Source {
  readonly name?: string;
  readonly secretName?: string;
  readonly path?: string;
  readonly items?: readonly { readonly path?: string }[];
}

/** Old sources of volumes, and files of which one takes the place of another. */
export function volumeWarnings(at: string, volumes: readonly Volume[]): readonly string[] {
  const warnings: string[] = [];
  for (const [index, volume] of volumes.entries()) {
    for (const source of Object.keys(OLD_SOURCES)) {
      if (!Object.hasOwn(volume, source)) continue;
      warnings.push(`${at}.volumes[${index}].${CALLED[source] ?? source}: ${OLD_SOURCES[source]}`);
    }
    const claim = `${at}.volumes[${index}].ephemeral.volumeClaimTemplate.spec`;
    warnings.push(...claimSpecWarnings(claim, volume.ephemeral?.volumeClaimTemplate?.spec));
  }
  return [...warnings, ...volumes.flatMap(overlapWarnings)];
}

function overlapWarnings(volume: Volume): readonly string[] {
  const { configMap, secret, downwardAPI, projected } = volume as unknown as Readonly<
    Record<string, Source | undefined>
  >;
  const called = JSON.stringify(volume.name);
  return [
    ...overlaps(configMap, `volume ${called} (ConfigMap ${JSON.stringify(configMap?.name ?? "")})`),
    ...overlaps(secret, `volume ${called} (Secret ${JSON.stringify(secret?.secretName ?? "")})`),
    ...overlaps(downwardAPI, `volume ${called} (DownwardAPI)`),
    ...projectedWarnings(called, (projected as Projected | undefined)?.sources ?? []),
  ];
}

interface Projected {
  readonly sources?: readonly Readonly<Record<string, Source>>[];
}

/** A projected volume has the files of all its sources in one place. */
function projectedWarnings(called: string, sources: NonNullable<Projected["sources"]>): string[] {
  const warnings: string[] = [];
  const all = new Set<string>();
  for (const source of sources) {
    if (Object.keys(source).length === 0) {
      warnings.push(`volume ${called} (Projected) has no sources provided`);
      continue;
    }
    const { paths, kind } = filesOf(source);
    if (paths.length === 0) continue;
    const words = `volume ${called} (Projected ${kind})`;
    const sorted = [...new Set(paths), ...all].sort();
    warnings.push(...overlapsOf(paths, words), ...overlapsOf(sorted, words));
    for (const path of paths) all.add(path);
  }
  return [...new Set(warnings)];
}

function filesOf(source: Readonly<Record<string, Source>>): {
  readonly paths: readonly string[];
  readonly kind: string;
} {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap)
    return { paths: pathsOf(configMap), kind: `ConfigMap ${JSON.stringify(configMap.name ?? "")}` };
  if (secret) return { paths: pathsOf(secret), kind: `Secret ${JSON.stringify(secret.name ?? "")}` };
  if (downwardAPI) return { paths: pathsOf(downwardAPI), kind: "DownwardAPI" };
  return { paths: serviceAccountToken ? [serviceAccountToken.path ?? ""] : [], kind: "ServiceAccountToken" };
}

function pathsOf({ items = [] }: Source): readonly string[] {
  return items.map(({ path = "" }) => path);
}

function overlaps(source: Source | undefined, words: string): readonly string[] {
  return source === undefined ? [] : overlapsOf(pathsOf(source), words);
}

function overlapsOf(paths: readonly string[], words: string): readonly string[] {
  const warnings: string[] = [];
  const known = new Set<string>();
  for (const given of paths) {
    const path = given.replace(/\/+$/, "");
    const other = [...known].find((item) => isOverlap(item, path));
    if (other !== undefined) {
      warnings.push(`${words}: overlapping paths: ${JSON.stringify(path)} with ${JSON.stringify(other)}`);
    }
    known.add(path);
  }
  return warnings;
}

/** One is the other, or starts as it does. */
function isOverlap(item: string, path: string): boolean {
  if (item === "" || path === "") return false;
  return `${item}/`.startsWith(path) || `${path}/`.startsWith(item);
}
