import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { CLUSTER_SETTINGS_NAME, clusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import { modify } from "../../src/api/modify.ts";
import { type HeldCluster, startHeld } from "./held-cluster.ts";

const running: HeldCluster[] = [];
const directories: string[] = [];

async function start(directory?: string): Promise<HeldCluster> {
  const held = await startHeld(directory);
  running.push(held);
  return held;
}

afterEach(async () => {
  for (const { cluster } of running.splice(0)) await cluster.stop();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describe("a cluster whose time is held", () => {
  it("schedules at once and starts pods only when their start delay has passed", async () => {
    const held = await start();
    await held.addNode("node-1");
    await held.launch("web", { "kubesim.dev/start-delay": "2s", "kubesim.dev/duration": "1m" });
    const bound = await held.pod("web");
    expect([bound.spec.nodeName, bound.status.phase]).toEqual(["node-1", "Pending"]);
    expect((await held.advance("1s")).status.pods).toEqual({});
    const { status } = await held.advance("1s");
    expect(status).toMatchObject({ advancedMs: 1_000, reached: true, pods: { started: 1 } });
    expect((await held.pod("web")).status).toMatchObject({
      phase: "Running",
      startTime: "2025-01-01T00:00:00Z",
      containerStatuses: [{ state: { running: { startedAt: "2025-01-01T00:00:02Z" } } }],
    });
    const end = await held.advance("1m");
    expect(end.status.pods).toEqual({ succeeded: 1 });
    expect(end.status.events).toBeGreaterThan(0);
  });

  it("loses no node while time stands still, and counts ages by its own time", async () => {
    const held = await start();
    await held.addNode("node-1");
    await held.advance("90m");
    const { body, time } = await held.send("GET", "/api/v1/nodes");
    expect(time).toBe("2025-01-01T01:30:00.000Z");
    const ready = body.items[0].status.conditions.find(({ type }: { type: string }) => type === "Ready");
    expect(ready.status).toBe("True");
    const clock = await held.clock();
    expect(clock.spec).toEqual({ mode: "Paused", speed: "1x" });
    expect(clock.status).toMatchObject({ elapsed: "t+01:30:00", time: "2025-01-01T01:30:00.000000Z" });
  });

  it("waits for a strategy that is slow to load: pods that come after it are placed by it", async () => {
    const held = await start();
    for (const node of ["node-1", "node-2", "node-3"]) await held.addNode(node);
    const slow = "await new Promise((resolve) => setTimeout(resolve, 300));";
    const source = `${slow} export default { score: (_pod, node) => node.name === "node-2" ? 1 : 0 };`;
    const spec = { strategy: "second", customStrategy: { name: "second", source } };
    await modify(held.cluster.objects, clusterSettings, { name: CLUSTER_SETTINGS_NAME }, (settings) => ({
      ...settings,
      spec: { ...settings.spec, ...spec },
    }));
    for (const pod of ["a", "b", "c"]) await held.launch(pod);
    await held.advance("1s");
    const nodeNames = [await held.pod("a"), await held.pod("b"), await held.pod("c")];
    expect(nodeNames.map((pod) => pod.spec.nodeName)).toEqual(["node-2", "node-2", "node-2"]);
  });

  it("steps from event to event", async () => {
    const held = await start();
    await held.addNode("node-1");
    await held.launch("web", { "kubesim.dev/start-delay": "10s" });
    for (let step = 0; step < 40; step++) {
      const next = (await held.clock()).status.nextEventTime;
      const { body } = await held.send("POST", "/apis/kubesim.dev/v1alpha1/clusterclocks/cluster/step", {});
      expect(body.status.to).toBe(next);
      if (body.status.pods.started === 1) break;
    }
    expect((await held.clock()).status.elapsed).toBe("t+00:00:10");
  });

  it("runs by itself and is held again; an advance that takes too long in real time is cut off", async () => {
    const held = await start();
    await held.addNode("node-1");
    expect((await held.patchClock({ mode: "Running", speed: "max" })).body.spec.mode).toBe("Running");
    const refused = await held.send("POST", "/apis/kubesim.dev/v1alpha1/clusterclocks/cluster/advance", {
      spec: { duration: "1s" },
    });
    expect([refused.status, refused.body.reason]).toEqual([409, "Conflict"]);
    await held.patchClock({ mode: "Paused" });
    const before = await held.clock();
    expect(before.spec).toEqual({ mode: "Paused", speed: "max" });
    expect((await held.clock()).status.time).toBe(before.status.time);
    // Containers that end and are started again for ever: something to do in all that time.
    await held.launch("busy", { "kubesim.dev/duration": "1s" }, "Always");
    const { status } = await held.advance("2000000h", { timeout: "20ms" });
    expect(status.reached).toBe(false);
    expect((await held.clock()).status.time).toBe(status.to);
  });

  it("refuses what cannot be, in words", async () => {
    const held = await start();
    const path = "/apis/kubesim.dev/v1alpha1/clusterclocks";
    const advance = async (spec: object) => {
      const { status, body } = await held.send("POST", `${path}/cluster/advance`, { spec });
      return [status, body.message];
    };
    expect(await advance({})).toEqual([400, "spec.duration: Required value: say how far, such as 5m"]);
    expect(await advance({ duration: "soon" })).toEqual([
      400,
      'spec.duration: Invalid value: "soon": must be a duration such as 5m or 250ms',
    ]);
    expect((await advance({ duration: "99999999999h" }))[0]).toBe(400);
    expect((await held.send("POST", `${path}/cluster/advance`, [1])).status).toBe(400);
    expect((await held.send("POST", `${path}/other/advance`, {})).status).toBe(404);
    expect((await held.patchClock({ mode: "Backwards" })).status).toBe(422);
    expect((await held.patchClock({ mode: "Running", speed: "fast" })).status).toBe(422);
    expect((await held.send("DELETE", `${path}/cluster`)).status).toBe(405);
    const other = { apiVersion: "kubesim.dev/v1alpha1", kind: "ClusterClock", metadata: { name: "other" } };
    expect((await held.send("POST", path, { ...other, spec: { mode: "Paused" } })).status).toBe(405);
  });

  it("answers others between two instants of a long advance", async () => {
    const held = await start();
    for (let node = 1; node <= 5; node++) await held.addNode(`node-${node}`);
    const advance = held.advance("24h");
    const seen = new Set<string>();
    for (let pod = 0; pod < 20; pod++) {
      await held.launch(`pod-${pod}`, { "kubesim.dev/duration": "1s" });
      const bound = await held.pod(`pod-${pod}`);
      expect(bound.spec.nodeName).toBeDefined();
      seen.add(bound.metadata.creationTimestamp);
    }
    expect((await advance).status.reached).toBe(true);
    expect(seen.size).toBeGreaterThan(10);
  });

  it("goes through the same history when it is told the same at the same instants", async () => {
    const history = async () => {
      const held = await start();
      for (let node = 1; node <= 4; node++) await held.addNode(`node-${node}`);
      for (let pod = 0; pod < 12; pod++) {
        await held.launch(`pod-${pod}`, { "kubesim.dev/duration": `${pod}s` });
        await held.advance("700ms");
      }
      await held.send("POST", "/apis/kubesim.dev/v1alpha1/nodefaults", {
        apiVersion: "kubesim.dev/v1alpha1",
        kind: "NodeFault",
        metadata: { name: "crash" },
        spec: { nodeName: "node-1", fault: "node-crash" },
      });
      await held.advance("2m");
      const hash = createHash("sha256");
      for (const kind of ["nodes", "pods", "events"]) {
        hash.update(JSON.stringify((await held.send("GET", `/api/v1/${kind}`)).body));
      }
      return hash.digest("hex");
    };
    expect(await history()).toBe(await history());
  });

  it("goes on where it stood after a restart, also without being told that it is virtual", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kubesim-held-"));
    directories.push(directory);
    const first = await startHeld(directory);
    await first.addNode("node-1");
    await first.launch("web", { "kubesim.dev/duration": "1h" });
    await first.advance("30m");
    await first.cluster.stop();
    const again = await start(directory);
    const { status } = await again.clock();
    expect(status.elapsed).toBe("t+00:30:00");
    expect((await again.pod("web")).status.phase).toBe("Running");
    const end = await again.advance("31m");
    expect(end.status.pods).toEqual({ succeeded: 1 });
  });
});
