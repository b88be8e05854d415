import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { podMetrics } from "../../src/api/kinds/metrics.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { Home } from "./program.ts";
import { connectTo, setScene, until } from "./scene.ts";

describe("kubesim top", () => {
  const home = new Home();
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", "memory"]);
    const { objects, close } = await connectTo(home);
    await setScene(objects);
    const key = { namespace: "default", name: "busy" };
    await objects.create(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        ...key,
        annotations: { "kubesim.dev/usage-cpu": "2", "kubesim.dev/usage-memory": "8Gi" },
      },
      spec: { containers: [{ name: "main", image: "x" }] },
      status: { phase: "Pending" },
    });
    await until(async () => (await objects.list(podMetrics)).items.length === 3);
    await close();
  });
  afterAll(() => home.remove());

  it("shows each pod's use and its share of the node, the largest first", async () => {
    const { stdout } = await home.succeed(["top", "pods", "-A", "--sort-by", "cpu"]);
    expect(stdout).toMatch(
      /^NAMESPACE +NAME +CPU +CPU% +MEMORY +MEMORY% +NODE\ndefault +busy +2000m +25% +8Gi +25% +node-1\n/,
    );
    expect(stdout).toMatch(/default +pod-1 /);
    const rows = JSON.parse((await home.succeed(["top", "pods", "-o", "json"])).stdout);
    expect(rows[0]).toEqual({
      namespace: "default",
      name: "busy",
      node: "node-1",
      cpu: { used: "2000m", amount: 2_000, share: 0.25 },
      memory: { used: "8Gi", amount: 8 * 2 ** 30, share: 0.25 },
    });
  });

  it("shows nodes with what runs on them, and those that cannot be measured", async () => {
    const before = JSON.parse((await home.succeed(["top", "-o", "json"])).stdout);
    const [first] = before;
    expect(first).toMatchObject({ name: "node-1", pods: 3 });
    expect(first.cpu.share).toBeGreaterThan(0.25);
    await home.succeed(["nodes", "kill", "node-3"]);
    expect((await home.succeed(["top", "nodes"])).stdout).toMatch(
      /node-3 +<unknown> +<unknown> +<unknown> +<unknown> +0/,
    );
  });

  it("says that there is nothing", async () => {
    const { stdout, stderr } = await home.succeed(["top", "pods", "-n", "kube-public"]);
    expect([stdout, stderr]).toEqual(["", 'No pods are running in namespace "kube-public"\n']);
  });
});
