import { ApiError } from "../../../api/errors.ts";
import type { Kind } from "../../../api/kind.ts";
import { configMaps } from "../../../api/kinds/config-map.ts";
import type { Container, Pod } from "../../../api/kinds/pod.ts";
import { serviceAccounts } from "../../../api/kinds/service-account.ts";
import type { Objects } from "../../../api/objects.ts";
import { SERVICE_ACCOUNT_PATH } from "../../../api/token-volume.ts";
import type { ShellContainer } from "../../shell-host.ts";
import { containerStatusOf } from "../logs/container-run.ts";
import { environmentOf } from "./environment.ts";
import { volumesOf } from "./volumes.ts";

/** A container of a pod of any list. */
export function containerOf({ spec }: Pod, name: string): Container | undefined {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].find(
    (container) => container.name === name,
  );
}

/** Names one run of one container. */
export function runId(pod: Pod, name: string): string {
  return `${pod.metadata.uid}/${name}/${containerStatusOf(pod, name)?.restartCount ?? 0}`;
}

/** The container as its shells see it; without files when they are known already. */
export async function setUp(
  objects: Objects,
  pod: Pod,
  container: Container,
  isKnown: boolean,
): Promise<{ readonly container: ShellContainer; readonly env: Readonly<Record<string, string>> }> {
  const hostname = hostnameOf(pod);
  const id = runId(pod, container.name);
  const env = { ...BASE_ENVIRONMENT, HOSTNAME: hostname, ...(await environmentOf(objects, pod, container)) };
  const title = [...(container.command ?? []), ...(container.args ?? [])].join(" ") || container.name;
  const volumes = await volumesOf(objects, pod, container);
  const common = { id, hostname, title, shared: volumes.shared };
  if (isKnown) return { container: common, env };
  const account = await accountFiles(objects, pod);
  const files = { ...systemFiles(pod, hostname), ...account, ...volumes.files };
  return { container: { ...common, files }, env };
}

const BASE_ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  KUBERNETES_SERVICE_HOST: "10.96.0.1",
  KUBERNETES_SERVICE_PORT: "443",
  KUBERNETES_SERVICE_PORT_HTTPS: "443",
  KUBERNETES_PORT: "tcp://10.96.0.1:443",
  KUBERNETES_PORT_443_TCP: "tcp://10.96.0.1:443",
  KUBERNETES_PORT_443_TCP_PROTO: "tcp",
  KUBERNETES_PORT_443_TCP_PORT: "443",
  KUBERNETES_PORT_443_TCP_ADDR: "10.96.0.1",
} as const;

/** As a kubelet names the machine of a pod: cut to the 63 characters that Linux allows. */
function hostnameOf({ metadata, spec }: Pod): string {
  if (spec.hostNetwork === true) return spec.nodeName ?? metadata.name;
  return (spec.hostname ?? metadata.name).slice(0, 63).replace(/[-.]+$/, "");
}

function systemFiles(pod: Pod, hostname: string): Record<string, string> {
  const { namespace = "default" } = pod.metadata;
  const ip = pod.status.podIP ?? "127.0.0.1";
  const domain = pod.spec.subdomain && `${hostname}.${pod.spec.subdomain}.${namespace}.svc.cluster.local`;
  return {
    "/etc/hostname": `${hostname}\n`,
    "/etc/hosts":
      "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" +
      `${ip}\t${domain ? `${domain}\t` : ""}${hostname}\n`,
    "/etc/resolv.conf":
      `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\n` +
      "nameserver 10.96.0.10\noptions ndots:5\n",
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
    "/etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "/etc/os-release": 'NAME="kubesim"\nID=kubesim\nPRETTY_NAME="kubesim emulated container"\n',
    "/dev/termination-log": "",
  };
}

/** What a pod is told of its ServiceAccount, with a token of its own that ends with it. */
async function accountFiles(objects: Objects, pod: Pod): Promise<Record<string, string>> {
  if (pod.spec.automountServiceAccountToken === false) return {};
  const { namespace = "default" } = pod.metadata;
  const found = await objects.get(configMaps, { namespace, name: "kube-root-ca.crt" }).catch(() => undefined);
  return {
    [`${SERVICE_ACCOUNT_PATH}/namespace`]: namespace,
    [`${SERVICE_ACCOUNT_PATH}/token`]: await accountToken(objects, pod),
    [`${SERVICE_ACCOUNT_PATH}/ca.crt`]: found?.data?.["ca.crt"] ?? "",
  };
}

const TOKEN_SECONDS = 3_607;

/** A token that the API server takes; where it makes none, a text in its place. */
async function accountToken(objects: Objects, { metadata, spec }: Pod): Promise<string> {
  const { name, namespace = "default", uid } = metadata;
  const boundObjectRef = { kind: "Pod", apiVersion: "v1", name, uid };
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    metadata: {},
    spec: { expirationSeconds: TOKEN_SECONDS, boundObjectRef },
  };
  const key = { namespace, name: spec.serviceAccountName ?? "default" };
  try {
    const answer = await objects.act(serviceAccounts as unknown as Kind, key, "token", body);
    return (answer as { readonly status: { readonly token: string } }).status.token;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `emulated.${uid}.token`;
  }
}
