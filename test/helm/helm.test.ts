import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, startCluster } from "../../src/index.ts";
import { requirement } from "../requirements.ts";

const HELM = process.env.KUBESIM_TEST_HELM ?? "helm";
const CHART = join(import.meta.dirname, "..", "..", "fixtures", "chart");
const helmRequirement = requirement("helm", () =>
  spawnSync(HELM, ["version"]).status === 0 ? undefined : `cannot run ${HELM}`,
);

describe.skipIf(!helmRequirement.available)("helm", () => {
  let cluster: Cluster;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "kubesim-helm-"));
    cluster = await startCluster({ nodes: 2, timing: "fast", kubeconfigPath: join(home, "config") });
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs helm to its end. */
  const run = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, "config") };
      execFile(HELM, args, { env, timeout: 250_000 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });
  const helm = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`helm ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  };
  const statusOf = async (name: string) => (await cluster.client.get("deployment", name)).status;
  const revisions = async () =>
    JSON.parse(await helm("history", "shop", "-o", "json")) as { revision: number; status: string }[];

  it("tries an install on the server without storing anything", async () => {
    expect(await helm("install", "shop", CHART, "--dry-run=server")).toContain("STATUS: pending-install");
    expect(await cluster.client.list("deployments")).toEqual([]);
    expect(await cluster.client.list("secrets")).toEqual([]);
  });

  it("installs, runs the hooks and waits until all is there", async () => {
    expect(await helm("install", "shop", CHART, "--wait", "--timeout", "100s")).toContain("STATUS: deployed");
    expect(await statusOf("shop")).toMatchObject({ availableReplicas: 2 });
    expect((await cluster.client.get("pvc", "shop")).status).toMatchObject({ phase: "Bound" });
    expect((await cluster.client.get("job", "shop-migrate")).status.succeeded).toBe(1);
    expect(await helm("list")).toMatch(/shop\s+default\s+1\s+.*deployed\s+web-0\.1\.0\s+1\.0/);
    const [secret] = await cluster.client.list("secrets", { labelSelector: "owner=helm" });
    expect(secret?.type).toBe("helm.sh/release.v1");
    expect(await helm("status", "shop")).toMatch(/STATUS: deployed\nREVISION: 1/);
  });

  it("runs the tests of a release", async () => {
    expect(await helm("test", "shop", "--timeout", "100s")).toMatch(/TEST SUITE:\s+shop-reachable/);
    expect((await cluster.client.get("pod", "shop-reachable")).status.phase).toBe("Succeeded");
  });

  it("upgrades, and goes back", async () => {
    await helm("upgrade", "shop", CHART, "--set", "replicas=3,message=bye", "--wait", "--timeout", "100s");
    expect(await statusOf("shop")).toMatchObject({ availableReplicas: 3 });
    expect((await cluster.client.get("cm", "shop")).data).toEqual({ message: "bye" });
    await helm("rollback", "shop", "1", "--wait", "--timeout", "100s");
    expect((await cluster.client.get("cm", "shop")).data).toEqual({ message: "hello" });
    await cluster.waitFor(async () => (await statusOf("shop")).replicas === 2);
    expect((await revisions()).map(({ status }) => status)).toEqual(["superseded", "superseded", "deployed"]);
  });

  it("rolls back by itself what does not become ready", async () => {
    const upgrade = [
      "upgrade",
      "shop",
      CHART,
      "--set",
      "cpu=100",
      "--rollback-on-failure",
      "--timeout",
      "10s",
    ];
    const { code, stderr } = await run(...upgrade);
    expect(code).toBe(1);
    expect(stderr).toMatch(/release shop failed/);
    const { template } = (await cluster.client.get("deployment", "shop")).spec;
    expect(template.spec.containers[0].resources.requests.cpu).toBe("100m");
    expect((await revisions()).at(-1)?.status).toBe("deployed");
  });

  it("uninstalls, and waits until all is gone", async () => {
    const said = await helm("uninstall", "shop", "--wait", "--timeout", "100s");
    expect(said).toContain('release "shop" uninstalled');
    for (const kind of ["deployments", "replicasets", "services", "persistentvolumeclaims"]) {
      const left = await cluster.client.list(kind);
      expect(left.filter(({ metadata }) => metadata.name.startsWith("shop"))).toEqual([]);
    }
    expect(await helm("list", "-q")).toBe("");
  });
});
