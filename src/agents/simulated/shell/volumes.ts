import type { Container, Pod, Volume } from "../../../api/kinds/pod.ts";
import type { Objects } from "../../../api/objects.ts";
import type { Files, ShellContainer } from "../../shell-host.ts";
import {
  configMapEntries,
  fieldOfPod,
  type ResourceReference,
  resourceOf,
  secretEntries,
} from "./references.ts";

type Entries = Readonly<Record<string, Buffer>>;

interface Item {
  readonly key?: string;
  readonly path: string;
  readonly fieldRef?: { readonly fieldPath?: string };
  readonly resourceFieldRef?: ResourceReference;
}

/** Sources of files, as volumes and the parts of projected volumes have them. */
interface Source {
  readonly configMap?: { readonly name?: string; readonly items?: readonly Item[] };
  readonly secret?: {
    readonly name?: string;
    readonly secretName?: string;
    readonly items?: readonly Item[];
  };
  readonly downwardAPI?: { readonly items?: readonly Item[] };
  readonly projected?: { readonly sources?: readonly Source[] };
}

/** The files that the container's volumes bring, and the directories that it shares with others. */
export async function volumesOf(
  objects: Objects,
  pod: Pod,
  container: Container,
): Promise<{ readonly files: Files; readonly shared: ShellContainer["shared"] }> {
  const files: Record<string, Uint8Array | string> = {};
  const shared: Record<string, string> = {};
  for (const { name, mountPath, subPath } of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find((each) => each.name === name);
    const at = mountPath.replace(/\/+$/, "");
    if (volume === undefined || at === "") continue;
    const entries = await entriesOf(objects, pod, container, volume as Source);
    if (entries === undefined) shared[at] = `${sharedName(pod, volume)}${subPath ? `/${subPath}` : ""}`;
    else if (subPath !== undefined && entries[subPath] !== undefined) files[at] = entries[subPath];
    else {
      files[`${at}/`] = "";
      for (const [path, content] of Object.entries(entries)) files[`${at}/${path}`] = content;
    }
  }
  return { files, shared };
}

/** Every volume that is no source of files is an empty directory, for as long as the pod is. */
function sharedName(pod: Pod, volume: Volume): string {
  return `${pod.metadata.uid}/${volume.name}`;
}

async function entriesOf(
  objects: Objects,
  pod: Pod,
  container: Container,
  source: Source,
): Promise<Entries | undefined> {
  const { namespace = "default" } = pod.metadata;
  const { configMap, secret, downwardAPI, projected } = source;
  if (configMap !== undefined) {
    return chosen(await configMapEntries(objects, namespace, configMap.name ?? ""), configMap.items);
  }
  if (secret !== undefined) {
    const name = secret.secretName ?? secret.name ?? "";
    return chosen(await secretEntries(objects, namespace, name), secret.items);
  }
  if (downwardAPI !== undefined) return downward(pod, container, downwardAPI.items ?? []);
  if (projected === undefined) return undefined;
  const all: Record<string, Buffer> = {};
  for (const each of projected.sources ?? []) {
    Object.assign(all, (await entriesOf(objects, pod, container, each)) ?? {});
  }
  return all;
}

function chosen(entries: Entries, items: readonly Item[] | undefined): Entries {
  if (items === undefined) return entries;
  const found = items.flatMap(({ key = "", path }) => {
    const content = entries[key];
    return content === undefined ? [] : [[path, content] as const];
  });
  return Object.fromEntries(found);
}

function downward(pod: Pod, container: Container, items: readonly Item[]): Entries {
  const values = items.map(({ path, fieldRef, resourceFieldRef }) => {
    const text =
      resourceFieldRef === undefined
        ? fieldOfPod(pod, fieldRef?.fieldPath ?? "")
        : resourceOf(pod, container, resourceFieldRef);
    return [path, Buffer.from(text)] as const;
  });
  return Object.fromEntries(values);
}
