import type { Service } from "../../api/kinds/service.ts";
import type { Draft } from "../../api/meta.ts";

/** Where and how pods find the API server. */
export const KUBERNETES_SERVICE = { namespace: "default", name: "kubernetes" } as const;

const PORT = 443;
const SERVER_PORT = 6_443;

/** The service `kubernetes` of every cluster, at the first address of the range; nothing is behind it here. */
export function kubernetesService(): Draft<Service> {
  const port = { name: "https", protocol: "TCP", port: PORT, targetPort: SERVER_PORT };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...KUBERNETES_SERVICE, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: { type: "ClusterIP", clusterIP: "10.96.0.1", sessionAffinity: "None", ports: [port] },
    status: {},
  };
}
