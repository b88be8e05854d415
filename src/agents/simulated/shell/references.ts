import { configMaps } from "../../../api/kinds/config-map.ts";
import type { Container, Pod } from "../../../api/kinds/pod.ts";
import { secrets } from "../../../api/kinds/secret.ts";
import type { Objects } from "../../../api/objects.ts";
import { parseQuantity } from "../../../api/quantity.ts";

/** The entries of a ConfigMap as bytes; none when it is not there. */
export async function configMapEntries(
  objects: Objects,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, Buffer>>> {
  const found = await objects.get(configMaps, { namespace, name }).catch(() => undefined);
  return { ...decoded(found?.data, "utf8"), ...decoded(found?.binaryData, "base64") };
}

/** The entries of a Secret as bytes; none when it is not there. */
export async function secretEntries(
  objects: Objects,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, Buffer>>> {
  const found = await objects.get(secrets, { namespace, name }).catch(() => undefined);
  return decoded(found?.data, "base64");
}

function decoded(
  data: Readonly<Record<string, string>> | undefined,
  encoding: BufferEncoding,
): Record<string, Buffer> {
  const entries = Object.entries(data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, encoding)]));
}

/** What a downward API reference to a field of the pod says. */
export function fieldOfPod({ metadata, spec, status }: Pod, path: string): string {
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (entry !== null) return metadata[entry[1] as "labels" | "annotations"]?.[entry[2] as string] ?? "";
  const values: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "metadata.labels": listing(metadata.labels),
    "metadata.annotations": listing(metadata.annotations),
    "spec.nodeName": spec.nodeName,
    "spec.serviceAccountName": spec.serviceAccountName ?? "default",
    "status.podIP": status.podIP,
    "status.podIPs": status.podIPs?.map(({ ip }) => ip).join(","),
    "status.hostIP": status.hostIP,
    "status.hostIPs": status.hostIPs?.map(({ ip }) => ip).join(","),
  };
  return values[path] ?? "";
}

function listing(entries: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(entries ?? {})
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort()
    .join("\n");
}

/** What a downward API reference to a container's resources says: whole units, rounded up. */
export function resourceOf(pod: Pod, own: Container, reference: ResourceReference): string {
  const container = pod.spec.containers.find(({ name }) => name === reference.containerName) ?? own;
  const [list, name = ""] = (reference.resource ?? "").split(".");
  const quantity = container.resources?.[list as "limits" | "requests"]?.[name];
  if (quantity === undefined) return "0";
  const divisor = parseQuantity(reference.divisor ?? "1") || 1;
  return String(Math.ceil((parseQuantity(quantity) ?? 0) / divisor));
}

/** v1.ResourceFieldSelector. */
export interface ResourceReference {
  readonly containerName?: string;
  readonly resource?: string;
  readonly divisor?: string;
}
