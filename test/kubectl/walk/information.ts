import { expect } from "vitest";
import type { Step } from "./steps.ts";

/** What is asked of a cluster before anything is done with it. */
export const INFORMATION: readonly Step[] = [
  ["version", "version", /Server Version: .*v1\.\d+\.0\+kubesim/],
  ["version", "version -o yaml", /serverVersion:[\s\S]*gitVersion: v1\.\d+\.0\+kubesim/],
  ["cluster-info", "cluster-info", /control plane.* is running at .*https:\/\/127\.0\.0\.1/],
  ["cluster-info", "cluster-info dump --namespaces NS -o yaml", /kind: NodeList|nodeInfo:/],
  ["api-resources, api-versions", "api-resources -o wide", /pods +po +v1 +true +Pod +\S*create.* all\n/],
  ["api-resources, api-versions", "api-resources --api-group=apps -o name", /^daemonsets.apps\n/m],
  [
    "api-resources, api-versions",
    "api-resources --namespaced=false --verbs=list,watch",
    /nodes +no +v1 +false/,
  ],
  ["api-resources, api-versions", "api-versions", /^apps\/v1\n[\s\S]*^v1$/m],
  ["explain", "explain pod.spec.nodeName", /FIELD: +nodeName/],
  ["explain", "explain deploy --recursive", /strategy\s+<DeploymentStrategy>[\s\S]*maxSurge/],
  ["explain", "explain cronjob --api-version=batch/v1", /KIND: +CronJob\nVERSION: +(batch\/)?v1\n/],
  ["explain", "explain pod.spec.nonsense", /field "nonsense" does not exist/, 1],
  ["auth can-i / whoami", "auth whoami", /Username +kubernetes-admin/],
  ["auth can-i / whoami", "auth can-i create pods", /^yes\n/],
  ["auth can-i / whoami", "auth can-i --list", /\*\.\* +\[\] +\[\] +\[\*\]/],
  ["auth can-i / whoami", "auth can-i get pods --as=system:serviceaccount:NS:default", /^no/, 1],
  ["auth can-i / whoami", "auth can-i get pods --subresource=log", /^yes\n/],
  ["auth can-i / whoami", "auth reconcile -f role.yaml", /role.rbac.authorization.k8s.io\/reader reconciled/],
  ["create token", "create token default", /^ey[\w-]+\.[\w-]+\.[\w-]+\s*$/],
  ["create token", "create token default --duration=1h --audience=a -o yaml", /expirationTimestamp: .\d{4}/],
  ["get --raw", "get --raw /readyz", /^ok$/],
  ["get --raw", "get --raw '/api/v1/namespaces/NS/pods?limit=1'", /"kind":"PodList"/],
  ["get --raw", "get --raw /nowhere", /the server could not find the requested resource/, 1],
  ["config, kustomize, create --dry-run=client", "config current-context", /^kubesim\n$/],
  [
    "config, kustomize, create --dry-run=client",
    "config view --minify -o jsonpath={..namespace}",
    /^\S+-\d$/,
  ],
  ["config, kustomize, create --dry-run=client", "kustomize .", /name: k-cm\n/],
  [
    "config, kustomize, create --dry-run=client",
    "create deployment web --image=x --dry-run=client -o yaml",
    /kind: Deployment/,
  ],
  [
    "proxy",
    async ({ kubectl, namespace }) => {
      const proxy = kubectl.start("proxy", "--port=0");
      const [, port] = /127\.0\.0\.1:(\d+)/.exec(await proxy.until(/Starting to serve on .*\n/)) as string[];
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/namespaces/${namespace}`);
      expect(await answer.json()).toMatchObject({ kind: "Namespace", status: { phase: "Active" } });
      proxy.stop();
    },
  ],
];
