import { expect, it } from "vitest";
import { podYaml } from "./suite.ts";
import { withCluster } from "./workloads.ts";

withCluster("asks what is there", (kubectl) => {
  it("tells events of one object, and follows them", async () => {
    await kubectl()("create", "-f", kubectl().file("web.yaml", podYaml("web")));
    await kubectl()("wait", "pod/web", "--for=condition=Ready", "--timeout=100s");
    const told = await kubectl()("events", "--for", "pod/web");
    expect(told).toMatch(/LAST SEEN +TYPE +REASON +OBJECT +MESSAGE/);
    expect(told).toMatch(/Normal +Scheduled +Pod\/web +Successfully assigned default\/web to node-/);
    expect(told).not.toContain("Node/");
    expect(await kubectl()("events", "--types=Warning")).toBe("");
    const selected = ["get", "events.events.k8s.io", "--field-selector=regarding.name=web,reason=Scheduled"];
    expect(await kubectl()(...selected)).toMatch(
      /LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n.*Normal +Scheduled +pod\/web +Successfully assigned/,
    );
    expect(await kubectl()(...selected, "-o", "jsonpath={.items[*].note}")).toContain(
      "Successfully assigned",
    );
    const following = kubectl().start("events", "--watch", "--for", "pod/next");
    await kubectl()("create", "-f", kubectl().file("next.yaml", podYaml("next")));
    await following.until(/Started +Pod\/next/);
    following.stop();
  });

  it("tells where the cluster is, and dumps all of it", async () => {
    expect(await kubectl()("cluster-info")).toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: kubectl colours its answer
      /Kubernetes control plane(\x1b\[0m)? is running at .*https:\/\/127\.0\.0\.1:\d+/,
    );
    const dump = await kubectl()("cluster-info", "dump");
    expect(dump).toContain("==== START logs for container main of pod default/web ====");
    const kinds = [...dump.matchAll(/"kind": "(\w+List)"/g)].map(([, kind]) => kind);
    expect(new Set(kinds)).toEqual(
      new Set(
        "Node Event ReplicationController Service DaemonSet Deployment ReplicaSet Pod"
          .split(" ")
          .map((kind) => `${kind}List`),
      ),
    );
  });

  it("passes requests on", async () => {
    const proxy = kubectl().start("proxy", "--port=0");
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(await proxy.until(/Starting to serve on .*\n/)) as string[];
    const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    expect(await (await at("/api/v1/namespaces/default/pods/web")).json()).toMatchObject({
      kind: "Pod",
      metadata: { name: "web" },
    });
    expect((await at("/api/v1/namespaces/default/pods/nobody")).status).toBe(404);
    const watch = await at("/api/v1/namespaces/default/pods?watch=true");
    const reader = (watch.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('"type":"ADDED"');
    await reader.cancel();
    proxy.stop();
  });

  it("says which versions it speaks", async () => {
    expect(await kubectl()("version")).toMatch(
      /Client Version: .*v1[\s\S]*Server Version: .*v1\.\d+\.\d+\+kubesim/,
    );
    const versions = (await kubectl()("api-versions")).trim().split("\n");
    expect(versions).toEqual(
      expect.arrayContaining(["apps/v1", "autoscaling/v1", "autoscaling/v2", "metrics.k8s.io/v1beta1", "v1"]),
    );
    const listed = await kubectl()("api-resources", "--api-group=autoscaling", "--no-headers");
    expect(listed).toMatch(/horizontalpodautoscalers +hpa +autoscaling\/v2 +true +HorizontalPodAutoscaler/);
    expect(await kubectl()("api-resources", "--api-group=metrics.k8s.io")).toMatch(/PodMetrics/);
  });
});
