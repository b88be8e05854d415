import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { withCluster } from "./workloads.ts";

const OBJECTS = `apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers: [{name: main, image: web, ports: [{containerPort: 8080, name: http}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: front, port: 80, targetPort: http}]
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec:
  selector: {app: nobody}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: over, annotations: {kubesim.dev/duration: 1ms}}
spec:
  restartPolicy: Never
  containers: [{name: main, image: web, ports: [{containerPort: 8080}]}]
`;

withCluster("through the API server's proxy", (kubectl) => {
  const raw = (path: string) => kubectl().run(["get", "--raw", `/api/v1/${path}`]);
  const inDefault = (path: string) => raw(`namespaces/default/${path}`);

  it("reaches the ports of pods", async () => {
    await kubectl()("create", "-f", kubectl().file("proxy.yaml", OBJECTS));
    await kubectl()("wait", "pod/web", "--for=condition=Ready", "--timeout=100s");
    const page = await inDefault("pods/web:8080/proxy/some/path?x=1");
    expect(page).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Hello from web\n[\s\S]*port: 8080\n/),
    });
    expect(page.stdout).toContain("request: GET /some/path?x=1\n");
    // Without a port it is the first one; without a slash the client is sent on.
    expect((await inDefault("pods/web/proxy")).stdout).toContain("port: 8080\nrequest: GET /\n");
    expect(
      (
        await kubectl().run([
          "create",
          "--raw",
          "/api/v1/namespaces/default/pods/web/proxy/in",
          "-f",
          kubectl().file("body", "hello"),
        ])
      ).stdout,
    ).toContain("request: POST /in\n");
  });

  it("passes on connections that are upgraded, to pods and services", async () => {
    const proxy = kubectl().start("proxy", "--port=0");
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(await proxy.until(/Starting to serve on .*\n/)) as string[];
    const at = (path: string) => `ws://127.0.0.1:${port}/api/v1/namespaces/default/${path}`;
    for (const path of ["pods/web:8080/proxy/live?x=1", "services/web:front/proxy/"]) {
      const socket = new WebSocket(at(path));
      await once(socket, "open");
      const long = "x".repeat(70_000);
      for (const text of ["hello", long]) {
        socket.send(text);
        const [said] = (await once(socket, "message")) as [Buffer];
        expect(said.toString()).toBe(text);
      }
      socket.close(1000);
      expect((await once(socket, "close"))[0]).toBe(1000);
    }
    const refused = async (path: string) => {
      const [, answer] = (await once(new WebSocket(at(path)), "unexpected-response")) as [
        unknown,
        IncomingMessage,
      ];
      return answer.statusCode;
    };
    expect(await refused("pods/gone:80/proxy/")).toBe(404);
    expect(await refused("services/nobody/proxy/")).toBe(503);
    proxy.stop();
  });

  it("reaches services by the number and the name of a port", async () => {
    const isThere = async () => (await inDefault("services/web:80/proxy/")).code;
    await expect.poll(isThere).toBe(0);
    for (const name of ["web:80", "web:front", "http:web:front"]) {
      expect((await inDefault(`services/${name}/proxy/a`)).stdout, name).toContain("request: GET /a\n");
    }
  });

  it("reaches kubelets", async () => {
    expect((await raw("nodes/node-1/proxy/healthz")).stdout).toBe("ok");
    const { items } = JSON.parse((await raw("nodes/node-1/proxy/pods")).stdout) as {
      items: { spec: object }[];
    };
    expect(items.length).toBeGreaterThan(0);
    for (const { spec } of items) expect(spec).toMatchObject({ nodeName: "node-1" });
    const summary = JSON.parse((await raw("nodes/node-1/proxy/stats/summary")).stdout);
    expect(summary.node).toMatchObject({ nodeName: "node-1", memory: { usageBytes: expect.any(Number) } });
    const web = summary.pods.find(({ podRef }: { podRef: { name: string } }) => podRef.name === "web");
    expect(web).toMatchObject({
      podRef: { namespace: "default" },
      containers: [{ name: "main", cpu: { usageNanoCores: expect.any(Number) } }],
    });
    expect((await raw("nodes/nowhere/proxy/healthz")).stderr).toContain('nodes "nowhere" not found');
  });

  it("says who does not answer, in Kubernetes' words", async () => {
    const refusal = async (path: string) => {
      // kubectl keeps what the server says to itself unless it is asked.
      const { code, stderr } = await kubectl().run([
        "get",
        "--raw",
        `/api/v1/namespaces/default/${path}`,
        "-v=8",
      ]);
      return [code, stderr] as const;
    };
    await kubectl()("wait", "pod/over", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=100s");
    expect(await refusal("pods/over:8080/proxy/")).toEqual([
      1,
      expect.stringMatching(
        /error trying to reach service: dial tcp 10\.[\d.]+:8080: connect: connection refused/,
      ),
    ]);
    expect(await refusal("pods/web:9999/proxy/")).toEqual([
      1,
      expect.stringContaining("malformed HTTP response"),
    ]);
    expect(await refusal("services/nobody:80/proxy/")).toEqual([
      1,
      expect.stringContaining('no endpoints available for service \\"nobody\\"'),
    ]);
    expect(await refusal("services/web:81/proxy/")).toEqual([
      1,
      expect.stringContaining('no service port 81 found for service \\"web\\"'),
    ]);
    expect((await inDefault("pods/none:80/proxy/")).stderr).toContain('pods "none" not found');
    expect((await inDefault("pods/web:x/proxy/")).code).toBe(1);
  });

  it("lists the subresource in discovery", async () => {
    const { resources } = JSON.parse((await raw("")).stdout) as {
      resources: { name: string; kind: string }[];
    };
    const proxies = resources.filter(({ name }) => name.endsWith("/proxy"));
    expect(proxies.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual([
      "nodes/proxy NodeProxyOptions",
      "pods/proxy PodProxyOptions",
      "services/proxy ServiceProxyOptions",
    ]);
  });
});
