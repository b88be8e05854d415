import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Kubectl, kubectlFor, kubectlRequirement, olderBinaries, type Target } from "./kubectl.ts";
import { podYaml } from "./suite.ts";
import { addNodes, useCluster } from "./workloads.ts";

/**
 * One walk through what kubectl does, for versions too old to run everything with: what differs between them is how
 * they discover, validate, encode bodies and stream. All share one cluster, each has a namespace of its own.
 */
describe.skipIf(!kubectlRequirement.available)("any kubectl", () => {
  let target: Target | undefined;
  const cluster = useCluster(async (where) => {
    target = where;
    const kubectl = kubectlFor(olderBinaries[0] as string, where);
    await addNodes(kubectl);
    kubectl.dispose();
  });
  afterAll(() => cluster.stop());

  describe.each(olderBinaries)("%s", (binary) => {
    const namespace = `smoke-${olderBinaries.indexOf(binary)}`;
    let kubectl: Kubectl;
    /** In the namespace of this version. */
    const run = (...args: string[]) => kubectl("-n", namespace, ...args);
    beforeAll(async () => {
      kubectl = kubectlFor(binary, target as Target);
      await kubectl("create", "namespace", namespace);
    });
    afterAll(() => kubectl.dispose());

    it("discovers, explains and asks who may do what", async () => {
      expect(await kubectl("version", "-o", "json")).toMatch(/"gitVersion": "v[\d.]+[-+]kubesim/);
      expect(await kubectl("api-resources", "--api-group=apps", "--no-headers")).toMatch(
        /deployments +deploy/,
      );
      expect(await kubectl("explain", "pod.spec.nodeName")).toContain("nodeName");
      expect(await run("auth", "whoami")).toMatch(/Username +kubernetes-admin/);
      expect(await run("auth", "can-i", "create", "pods")).toBe("yes\n");
    });

    it("creates, applies, changes and compares", async () => {
      await run("create", "deployment", "web", "--image=web:1", "--replicas=2", "--port=80");
      await run("create", "secret", "generic", "word", "--from-literal=a=b");
      await run("create", "role", "reader", "--verb=get", "--resource=pods");
      await run("rollout", "status", "deploy/web", "--timeout=20s");
      await run("autoscale", "deploy", "web", "--max=5", "--min=2");
      await run("expose", "deploy", "web", "--port=80");
      const file = (value: string) =>
        kubectl.file(
          "cm.yaml",
          `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: "${value}"}\n`,
        );
      expect(await run("apply", "-f", file("1"))).toBe("configmap/cm created\n");
      expect((await kubectl.run(["-n", namespace, "diff", "-f", file("2")])).code).toBe(1);
      expect(await run("apply", "-f", file("2"))).toBe("configmap/cm configured\n");
      expect(await run("apply", "--server-side", "--force-conflicts", "-f", file("3"))).toBe(
        "configmap/cm serverside-applied\n",
      );
      await run("patch", "deploy", "web", "-p", '{"spec":{"template":{"metadata":{"labels":{"x":"y"}}}}}');
      await run("label", "deploy", "web", "tier=front");
      await run("set", "image", "deploy/web", "web=web:2");
      await run("scale", "deploy", "web", "--replicas=3");
      await run("rollout", "status", "deploy/web", "--timeout=20s");
      await run("rollout", "undo", "deploy/web");
      const bad = kubectl.file("bad.yaml", podYaml("bad").replace("image:", "imagee:"));
      expect((await kubectl.run(["-n", namespace, "create", "-f", bad])).stderr).toMatch(
        /unknown field "spec.containers\[0\].imagee"/,
      );
    });

    it("shows, watches and waits", async () => {
      expect(await run("get", "deploy,svc,hpa", "-o", "wide", "-l", "tier!=back")).toMatch(
        /deployment.apps\/web/,
      );
      const watching = kubectl.start("-n", namespace, "get", "pods", "-w", "--output-watch-events");
      await run("create", "-f", kubectl.file("pod.yaml", podYaml("one")));
      await run("wait", "pod/one", "--for=condition=Ready", "--timeout=20s");
      await watching.until(/MODIFIED +one +1\/1 +Running/);
      watching.stop();
      expect(await run("describe", "pod", "one")).toMatch(/Successfully assigned smoke-\d+\/one to node-/);
      expect(await run("events", "--for", "pod/one")).toMatch(/Normal +Started +Pod\/one/);
      expect(await run("get", "pod", "one", "-o", "jsonpath={.status.phase}")).toBe("Running");
    });

    it("enters containers, reads their logs and forwards ports", async () => {
      expect(await run("exec", "one", "--", "sh", "-c", "echo in; echo out >&2")).toBe("in\n");
      expect((await kubectl.run(["-n", namespace, "exec", "one", "--", "sh", "-c", "exit 4"])).code).toBe(4);
      const path = kubectl.file("there.txt", "there");
      await run("cp", path, "one:/tmp/there.txt");
      await run("cp", "one:/tmp/there.txt", `${path}.back`);
      expect(readFileSync(`${path}.back`, "utf8")).toBe("there");
      expect(await run("logs", "one", "--tail=1")).toMatch(/\S+\n/);
      const forward = kubectl.start("-n", namespace, "port-forward", "deploy/web", ":80");
      const [, port] = /127\.0\.0\.1:(\d+)/.exec(await forward.until(/Forwarding from 127.*\n/)) as string[];
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
      forward.stop();
    });

    it("drains a node and takes everything away", async () => {
      await run("create", "token", "default");
      await kubectl("top", "nodes");
      await kubectl("drain", "node-1", "--ignore-daemonsets", "--force", "--timeout=30s");
      await kubectl("uncordon", "node-1");
      await run("delete", "deploy,svc,hpa", "--all", "--timeout=20s");
      await kubectl("delete", "namespace", namespace, "--timeout=30s");
    });
  });
});
