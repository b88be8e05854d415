import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import { nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { secrets } from "../../src/api/kinds/secret.ts";
import { modify } from "../../src/api/modify.ts";
import type { Objects } from "../../src/api/objects.ts";
import { RealClock } from "../../src/clock/real.ts";
import { createRandom } from "../../src/lib/random.ts";
import { nodeDraft } from "../../src/simulate/drafts.ts";
import { podOf } from "../../src/simulate/sources/pod-of.ts";
import { Home, type Outcome } from "../cli/program.ts";
import { connectTo, until } from "../cli/scene.ts";

const clock = new RealClock();
const random = createRandom("a live cluster");

/** What comes within some ms of an eviction cannot be told from it: see docs/simulate.md. */
const QUIET_MS = 1_000;

/** A node of the cluster dies, or is healed. */
async function crash(objects: Objects, nodeName: string): Promise<void> {
  await objects.create(nodeFaults, {
    apiVersion: "kubesim.dev/v1alpha1",
    kind: "NodeFault",
    metadata: { name: `fault-of-${nodeName}` },
    spec: { nodeName, fault: "node-crash", origin: "test" },
    status: {},
  });
}

function heal(objects: Objects, nodeName: string): Promise<unknown> {
  return objects.delete(nodeFaults, { name: `fault-of-${nodeName}` });
}

/** Pods of several sizes, created as fast as the server takes them. */
async function launch(objects: Objects, batch: string, count: number, durationMs?: number): Promise<void> {
  const made = Array.from({ length: count }, (_, index) => {
    const requests = { cpu: `${500 + 250 * random.below(8)}m`, memory: "1Gi" };
    return objects.create(pods, podOf(`${batch}-${index}`, requests, durationMs));
  });
  await Promise.all(made);
}

async function readiness(objects: Objects, name: string): Promise<string | undefined> {
  const node = await objects.get(nodes, { name });
  return node.status.conditions?.find(({ type }) => type === "Ready")?.status;
}

/** What people do to a cluster in ten seconds. */
async function live(objects: Objects): Promise<void> {
  for (let index = 1; index <= 5; index++) {
    await objects.create(nodes, nodeDraft(`n-${index}`, { cpu: String(2 + index), memory: "32Gi" }));
  }
  await objects.create(secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "password", namespace: "default" },
    type: "Opaque",
    data: { word: Buffer.from("hunter2").toString("base64") },
  });
  await launch(objects, "early", 12);
  await launch(objects, "short", 4, 700);
  await clock.sleep(1_500);
  await crash(objects, "n-2");
  // Its pods are evicted 3 s after it has died at the earliest; a busy machine launches less until then.
  const quietFromMs = clock.monotonicMs() + 2_000;
  for (let batch = 0; batch < 4 && clock.monotonicMs() < quietFromMs; batch++) {
    await launch(objects, `during-${batch}`, 4);
    await clock.sleep(200 + random.below(500));
  }
  await until(async () => (await readiness(objects, "n-2")) !== "True");
  await clock.sleep(QUIET_MS);
  await launch(objects, "after", 5);
  await modify(objects, clusterSettings, { name: "cluster" }, (now) => ({
    ...now,
    spec: { ...now.spec, strategy: "worst-fit" },
  }));
  await heal(objects, "n-2");
  await until(async () => (await readiness(objects, "n-2")) === "True");
  await clock.sleep(QUIET_MS);
  await modify(objects, nodes, { name: "n-5" }, (node) => ({
    ...node,
    spec: { ...node.spec, unschedulable: true },
  }));
  const running = (await objects.list(pods)).items.filter(({ status }) => status.phase === "Running");
  for (const { metadata } of running.slice(0, 3)) {
    await objects.delete(pods, { namespace: "default", name: metadata.name });
  }
  await launch(objects, "late", 8);
  await clock.sleep(1_500);
}

describe.each(["memory", "lmdb"])("a live cluster (store %s), recorded over HTTPS", (store) => {
  const home = new Home();
  let recorder: Outcome;
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", store]);
    const cluster = await connectTo(home);
    let stop = () => {};
    let hasBegun = false;
    const recording = home.run(["record", "live.jsonl"], {
      started(child) {
        stop = () => void child.kill("SIGINT");
        child.stderr?.on("data", () => {
          hasBegun = true;
        });
      },
    });
    await until(async () => hasBegun);
    await live(cluster.objects);
    stop();
    recorder = await recording;
    await cluster.close();
  });
  afterAll(() => home.remove());

  it("ends with a whole file at Ctrl-C", () => {
    expect(recorder.code).toBe(130);
    expect(recorder.stderr).toMatch(/Recorded \d+ events in live.jsonl/);
  });

  it("replays to the same bindings in virtual time, from what was done to it alone", async () => {
    const { code, stdout, stderr } = await home.run([
      "replay",
      "live.jsonl",
      "--verify",
      "--from-inputs",
      "-o",
      "json",
    ]);
    const { same, inputs, bindings, differences, refused } = JSON.parse(stdout) as Record<string, unknown>;
    expect({ code, same, differences, refused }, stderr).toEqual({
      code: 0,
      same: true,
      differences: [],
      refused: [],
    });
    // However little was launched while the node was dead.
    expect(inputs).toBeGreaterThan(40);
    expect(bindings).toBeGreaterThan(20);
  });

  it("holds no secrets", () => {
    const text = readFileSync(join(home.path, "live.jsonl"), "utf8");
    expect(text).toContain('"name":"password"');
    expect(text).not.toContain(Buffer.from("hunter2").toString("base64"));
  });

  it("replays to other bindings when another node had died", async () => {
    const text = readFileSync(join(home.path, "live.jsonl"), "utf8");
    const lines = text.split("\n").map((line) => {
      return line.startsWith('{"recording":"input"') && line.includes('"fault-of-n-2"')
        ? line.replace('"nodeName":"n-2"', '"nodeName":"n-1"')
        : line;
    });
    writeFileSync(join(home.path, "other.jsonl"), lines.join("\n"));
    const { code, stdout, stderr } = await home.run(["replay", "other.jsonl", "--verify", "--from-inputs"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^default\/early-\d+: recorded n-1; now n-1, n-\d/m);
    expect(stderr).toMatch(/pods? went elsewhere than in other\.jsonl/);
  });
});
