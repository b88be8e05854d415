import { fnv32a } from "../lib/fnv.ts";
import type { Container, PodSpec, Volume, VolumeMount } from "./kinds/pod.ts";

/** Where containers find what they need to talk to the API. */
export const SERVICE_ACCOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

const PREFIX = "kube-api-access-";
/** What Kubernetes makes random names of. */
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const LETTERS_USED = 5;
const DEFAULT_MODE = 0o644;
const TOKEN_SECONDS = 3_607;

/** Token, certificate and namespace: the same for all pods of the world. */
const PROJECTED = deepFrozen({
  defaultMode: DEFAULT_MODE,
  sources: [
    { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
    { configMap: { items: [{ key: "ca.crt", path: "ca.crt" }], name: "kube-root-ca.crt" } },
    {
      downwardAPI: {
        items: [{ fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" }, path: "namespace" }],
      },
    },
  ],
});

/** What pods of one account share, so that their volumes take no room of their own. */
interface Shared {
  readonly volumes: readonly Volume[];
  readonly mounts: readonly VolumeMount[];
  /** Containers as they are mounted, by those of the templates that pods share; the last ones only. */
  readonly containers: Map<readonly Container[], readonly Container[]>;
}

const TEMPLATES_MAX = 64;
const SHARED_MAX = 1_024;
/** By the name of their volume. */
const shared = new Map<string, Shared>();
const byAccount = new Map<string, Shared>();

/** True for the volume that every pod gets: it brings nothing that a pod would have to wait for. */
export function isTokenVolume({ name, projected }: Volume): boolean {
  return projected !== undefined && name?.startsWith(PREFIX) === true;
}

/** False for pods without other volumes than that one. */
export function hasOwnVolumes({ volumes }: PodSpec): boolean {
  return volumes !== undefined && !(volumes.length === 1 && isTokenVolume(volumes[0] as Volume));
}

/**
 * What of a pod changes when the token of its account is mounted into every container that has nothing there
 * (kube-apiserver, the admission plugin ServiceAccount); undefined: nothing. The name's end is made of the account,
 * where Kubernetes makes it of chance: pods of an account look the same, and share what they look like.
 */
export function tokenParts(
  spec: PodSpec,
  namespace: string,
  account: string,
): Pick<PodSpec, "volumes" | "containers" | "initContainers"> | undefined {
  const known = spec.volumes?.find(isTokenVolume);
  const common = known === undefined ? sharedBy(`${namespace}/${account}`) : sharedFor(known.name);
  const containers = mounted(spec.containers, common);
  const initContainers = spec.initContainers && mounted(spec.initContainers, common);
  if (containers === spec.containers && initContainers === spec.initContainers) return undefined;
  const own = spec.volumes ?? [];
  const volumes = known !== undefined ? own : own.length === 0 ? common.volumes : [...own, ...common.volumes];
  return initContainers === undefined ? { volumes, containers } : { volumes, containers, initContainers };
}

function mounted(containers: readonly Container[], common: Shared): readonly Container[] {
  const known = common.containers.get(containers);
  if (known !== undefined) return known;
  const isMounted = ({ volumeMounts }: Container) =>
    volumeMounts?.some(({ mountPath }) => mountPath === SERVICE_ACCOUNT_PATH) === true;
  if (containers.every(isMounted)) return containers;
  const result = containers.map((container) => {
    if (isMounted(container)) return container;
    const { volumeMounts } = container;
    return { ...container, volumeMounts: volumeMounts ? [...volumeMounts, ...common.mounts] : common.mounts };
  });
  if (common.containers.size >= TEMPLATES_MAX) common.containers.clear();
  common.containers.set(containers, result);
  return result;
}

function sharedBy(account: string): Shared {
  const known = byAccount.get(account);
  if (known !== undefined) return known;
  let hash = fnv32a(account);
  let end = "";
  for (let count = 0; count < LETTERS_USED; count++) {
    end += LETTERS[hash % LETTERS.length];
    hash = Math.floor(hash / LETTERS.length);
  }
  if (byAccount.size >= SHARED_MAX) byAccount.clear();
  const made = sharedFor(PREFIX + end);
  byAccount.set(account, made);
  return made;
}

function sharedFor(name: string): Shared {
  const known = shared.get(name);
  if (known !== undefined) return known;
  if (shared.size >= SHARED_MAX) shared.clear();
  const made: Shared = {
    volumes: deepFrozen([{ name, projected: PROJECTED }]),
    mounts: deepFrozen([{ name, readOnly: true, mountPath: SERVICE_ACCOUNT_PATH }]),
    containers: new Map(),
  };
  shared.set(name, made);
  return made;
}

function deepFrozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFrozen(part);
  return Object.freeze(value);
}
