import { ApiError } from "../errors.ts";
import { type Pod, type PodSpec, pods } from "../kinds/pod.ts";
import { serviceAccounts } from "../kinds/service-account.ts";
import { keyOf } from "../meta.ts";
import { tokenParts } from "../token-volume.ts";
import type { Admission, Lookup } from "./admission.ts";

const DEFAULT_ACCOUNT = "default";

/**
 * Says who a pod is to the API. Every namespace has the account `default`, made by a controller an instant after the
 * namespace itself: it is taken to be there, so that nobody has to wait for it.
 */
export const podServiceAccount: Admission = {
  name: "ServiceAccount",
  kinds: [pods.schema],
  admit(object, { lookup, hasTokens }) {
    const pod = object as Pod;
    const { spec } = pod;
    const name = spec.serviceAccountName || spec.serviceAccount || DEFAULT_ACCOUNT;
    const account = lookup.get(serviceAccounts, { namespace: pod.metadata.namespace as string, name });
    if (account === undefined && name !== DEFAULT_ACCOUNT && !isKept(pod, name, lookup)) {
      throw missing(pod, name);
    }
    const secrets = (spec.imagePullSecrets?.length ?? 0) === 0 ? account?.imagePullSecrets : undefined;
    const mounts = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true;
    const parts = hasTokens && mounts ? tokenParts(spec, pod.metadata.namespace as string, name) : undefined;
    const isSaid = name === spec.serviceAccountName && name === spec.serviceAccount && secrets === undefined;
    if (isSaid && parts === undefined) return pod;
    return { ...pod, spec: withAccount(spec, name, secrets && { imagePullSecrets: secrets }, parts) };
  },
};

function withAccount(
  spec: PodSpec,
  name: string,
  secrets: Pick<PodSpec, "imagePullSecrets"> | undefined,
  parts: Partial<PodSpec> | undefined,
): PodSpec {
  // Literals before the spread: the fast way to make such an object (see kinds/pod-defaults.ts).
  if (spec.serviceAccountName === undefined && spec.serviceAccount === undefined) {
    const { volumes, containers = spec.containers } = parts ?? {};
    if (volumes !== undefined && spec.volumes === undefined && spec.initContainers === undefined) {
      return { serviceAccountName: name, serviceAccount: name, volumes, ...spec, ...secrets, containers };
    }
    return { serviceAccountName: name, serviceAccount: name, ...spec, ...secrets, ...parts };
  }
  return { ...spec, serviceAccountName: name, serviceAccount: name, ...secrets, ...parts };
}

/** A pod that is moved keeps its account, also one that has been deleted since. */
function isKept(pod: Pod, name: string, lookup: Lookup): boolean {
  return lookup.get(pods, keyOf(pod))?.spec.serviceAccountName === name;
}

function missing({ metadata }: Pod, account: string): ApiError {
  const { namespace, name } = metadata;
  const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
  return new ApiError("Forbidden", `pods "${name}" is forbidden: ${why}`, { name, kind: pods.plural });
}
