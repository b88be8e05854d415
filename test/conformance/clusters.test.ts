import type { ClusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import type { HeldClock } from "../../src/clock/held.ts";
import { RealClock } from "../../src/clock/real.ts";
import { type RunningCluster, startCluster } from "../../src/cluster/cluster.ts";
import { startPrivateCluster } from "../../src/cluster/private-cluster.ts";
import { type ClusterForScenarios, describeCluster } from "./clusters.ts";

const LIMIT_MS = 30_000;
const LOOK_MS = 20;

type Settings = Partial<ClusterSettings["spec"]>;

/** Looks, lets a moment of the cluster's time pass, and looks again. */
async function look(
  isSo: () => Promise<boolean>,
  pass: (durationMs: number) => Promise<unknown>,
): Promise<void> {
  for (let passedMs = 0; !(await isSo()); passedMs += LOOK_MS) {
    if (passedMs >= LIMIT_MS) throw new Error(`it did not come to that within ${LIMIT_MS} ms`);
    await pass(LOOK_MS);
  }
}

function running(
  cluster: RunningCluster,
  pass: (durationMs: number) => Promise<unknown>,
): ClusterForScenarios {
  return { objects: cluster.objects, until: (isSo) => look(isSo, pass), stop: () => cluster.stop() };
}

describeCluster("real time", async (settings: Settings) => {
  const clock = new RealClock();
  const cluster = await startCluster({ store: { kind: "memory" }, clock, settings, version: "0.0.0" });
  return running(cluster, (durationMs) => clock.sleep(durationMs));
});

describeCluster("time that is held", async (settings: Settings) => {
  const cluster = await startCluster({ store: { kind: "memory" }, virtual: {}, settings, version: "0.0.0" });
  return running(cluster, (durationMs) => (cluster.clock as HeldClock).advance(durationMs));
});

describeCluster("virtual time of its own", async (settings: Settings) => {
  const { objects, clock, stop } = await startPrivateCluster({ settings });
  return {
    objects,
    until: (isSo) => look(isSo, (durationMs) => clock.advance(durationMs)),
    stop: async () => stop(),
  };
});
