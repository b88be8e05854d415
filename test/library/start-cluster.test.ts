import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ApiError, type Cluster, startCluster } from "../../src/index.ts";

let running: Cluster[] = [];

async function start<T extends Cluster>(starting: Promise<T>): Promise<T> {
  const cluster = await starting;
  running.push(cluster);
  return cluster;
}

afterEach(async () => {
  for (const cluster of running) await cluster.stop();
  running = [];
});

/** Status of an HTTPS request with the cluster's own authority, as a client from outside sends it. */
function statusOf(cluster: Cluster, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { ca: cluster.certificateAuthority, headers: { authorization: `Bearer ${token}` } };
    const sent = request(`${cluster.url}/api/v1/nodes`, { ...options, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end();
  });
}

const pod = (name: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "main", image: "busybox" }] },
});

describe("startCluster", () => {
  it("serves the same cluster over HTTPS and in memory; each has a token of its own", async () => {
    const one = await start(startCluster({ nodes: 1 }));
    const two = await start(startCluster());
    expect(one.url).not.toBe(two.url);
    expect(await statusOf(one, one.token)).toBe(200);
    expect(await statusOf(one, two.token)).toBe(401);
    expect((await one.client.list("nodes")).length).toBe(1);
    expect(await two.client.list("no")).toEqual([]);
    const answer = await one.fetch("/api/v1/nodes");
    expect(((await answer.json()) as { items: unknown[] }).items.length).toBe(1);
  });

  it("runs pods in real time", async () => {
    const cluster = await start(
      startCluster({ nodes: { count: 2, prefix: "big", cpu: "16" }, timing: "fast" }),
    );
    await cluster.client.create(pod("one"));
    const running = await cluster.waitFor(async () => {
      const found = await cluster.client.get("pod", "one");
      return found.status.phase === "Running" && found;
    });
    expect(running.spec.nodeName).toMatch(/^big-[12]$/);
  });

  it("stops more than once, and answers nobody then", async () => {
    const cluster = await startCluster({ nodes: 1 });
    await Promise.all([cluster.stop(), cluster.stop()]);
    await cluster[Symbol.asyncDispose]();
    await expect(statusOf(cluster, cluster.token)).rejects.toThrow("ECONNREFUSED");
  });

  it("writes the kubeconfig where it is told to, and takes it away", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kubesim-library-"));
    const kubeconfigPath = join(directory, "config");
    const cluster = await start(startCluster({ kubeconfigPath }));
    expect(readFileSync(kubeconfigPath, "utf8")).toBe(cluster.kubeconfig);
    expect(statSync(kubeconfigPath).mode & 0o777).toBe(0o600);
    await cluster.stop();
    expect(existsSync(kubeconfigPath)).toBe(false);
    rmSync(directory, { recursive: true });
  });

  it.each([
    [{ time: "vitrual" }, 'time: "vitrual" is none of real, virtual'],
    [{ timing: "slow" }, 'timing: "slow" is none of fast, classic, kubernetes'],
    [{ strategy: "tetris" }, 'strategy: "tetris" is none of first-fit,'],
    [{ port: 70_000 }, "port: 70000 is no port"],
    [{ startTime: "soon", time: "virtual" }, 'startTime: "soon" is no time'],
    [{ startTime: 0 }, 'startTime: only a cluster with time: "virtual"'],
    [{ nodes: -1 }, "-1 is no number of nodes"],
  ])("refuses %j", async (options, message) => {
    await expect(startCluster(options as object)).rejects.toThrow(message);
  });
});

describe("a cluster in virtual time", () => {
  it("stands still, and does what is due before it answers", async () => {
    const startTime = "2030-05-01T00:00:00Z";
    const cluster = await start(startCluster({ time: "virtual", startTime, nodes: 1 }));
    const since = cluster.clock.now();
    await cluster.client.create(pod("one"));
    expect((await cluster.client.get("pod", "one")).spec.nodeName).toBe("node-1");
    expect(cluster.clock.now()).toBe(since);
    await cluster.clock.advance("1h30m");
    expect(cluster.clock.now() - since).toBe(5_400_000);
    const { metadata, status } = await cluster.client.get("pod", "one");
    expect(status.phase).toBe("Running");
    expect(metadata.creationTimestamp).toMatch(/^2030-05-01T00:00:/);
    await expect(cluster.clock.advance("soon")).rejects.toThrow('"soon" is no duration');
  });

  it("gives the same history for the same seed and calls", async () => {
    const history = async () => {
      const cluster = await start(startCluster({ time: "virtual", seed: "7", nodes: 3 }));
      for (let number = 0; number < 5; number++) await cluster.client.create(pod(`pod-${number}`));
      await cluster.failNode("node-2");
      await cluster.clock.advance("10m");
      await cluster.healNode("node-2");
      await cluster.clock.advance("1m");
      const lists = ["nodes", "pods", "events"].map((kind) =>
        cluster.client.list(kind, { allNamespaces: true }),
      );
      return JSON.stringify(await Promise.all(lists));
    };
    expect(await history()).toBe(await history());
  });

  it("goes on while somebody waits for a condition, and no further than the limit", async () => {
    const cluster = await start(startCluster({ time: "virtual" }));
    const since = cluster.clock.now();
    const passed = () => cluster.clock.now() - since;
    await cluster.waitFor(() => passed() >= 90_000, { timeout: "2m" });
    expect(passed()).toBe(90_000);
    await expect(cluster.waitFor(() => false, { timeout: "1m" })).rejects.toThrow("within 1m");
    expect(passed()).toBe(150_000);
  });
});

describe("the client", () => {
  it("knows kinds by kubectl's names, and says why with Kubernetes' words", async () => {
    const { client } = await start(startCluster({ time: "virtual" }));
    const created = await client.createAll(`
apiVersion: v1
kind: Namespace
metadata: { name: team }
---
apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: ConfigMap, metadata: { name: settings, namespace: team, labels: { a: b } }, data: { x: "1" } }
`);
    expect(created.map(({ kind }) => kind)).toEqual(["Namespace", "ConfigMap"]);
    for (const kind of ["configmaps", "cm", "ConfigMap", "configmap"]) {
      expect((await client.get(kind, "settings", { namespace: "team" })).data).toEqual({ x: "1" });
    }
    const patched = await client.patch("cm", "settings", { data: { y: "2" } }, { namespace: "team" });
    const replaced = await client.replace({ ...patched, data: { z: "3" } });
    expect(replaced.data).toEqual({ z: "3" });
    const stale = client.replace({ ...patched, data: {} });
    await expect(stale).rejects.toMatchObject({ code: 409, reason: "Conflict" });
    expect((await client.list("cm", { allNamespaces: true, labelSelector: "a=b" })).length).toBe(1);
    await client.delete("cm", "settings", { namespace: "team" });
    const missing = await client
      .get("cm", "settings", { namespace: "team" })
      .catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(ApiError);
    expect(missing).toMatchObject({ code: 404, message: 'configmaps "settings" not found' });
    await expect(client.list("widgets")).rejects.toThrow('no kind is called "widgets" here');
  });
});
