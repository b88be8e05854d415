import { afterEach, describe, expect, it } from "vitest";
import { isNodeReady, nodes } from "../../src/api/kinds/node.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

const HOUR_MS = 3_600_000;

/** A virtual clock whose wall time can be set; the monotonic one goes on as it should. */
class AdjustableClock extends VirtualClock {
  skewMs = 0;

  override now(): number {
    return super.now() + this.skewMs;
  }
}

let cluster: ClusterUnderTest;
let clock: AdjustableClock;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function startFiveNodes(): Promise<void> {
  clock = new AdjustableClock();
  cluster = await ClusterUnderTest.start({ clock });
  await cluster.addNodes(5);
  for (let index = 1; index <= 5; index++) await cluster.launch(`pod-${index}`);
  await clock.advance(10_000);
}

describe("jumps of the wall clock are harmless", () => {
  it.each([HOUR_MS, -HOUR_MS, 24 * HOUR_MS, -24 * HOUR_MS])(
    "by %i ms: nobody is lost or evicted",
    async (jumpMs) => {
      await startFiveNodes();
      const uids = (await cluster.pods()).map((pod) => pod.metadata.uid);
      clock.skewMs += jumpMs;
      await clock.advance(60_000);
      expect((await cluster.objects.list(nodes)).items.every(isNodeReady)).toBe(true);
      expect((await cluster.pods()).map((pod) => pod.metadata.uid)).toEqual(uids);
      expect(await cluster.events("NodeNotReady")).toEqual([]);
    },
  );

  it.each([0.9, 1.1])("drifting by a factor of %d: nobody is lost", async (factor) => {
    await startFiveNodes();
    for (let second = 0; second < 120; second++) {
      await clock.advance(1_000);
      clock.skewMs += 1_000 * (factor - 1);
    }
    expect(await cluster.events("NodeNotReady")).toEqual([]);
  });

  it.each([HOUR_MS, -HOUR_MS])(
    "a crash just before a jump of %i ms is noticed when it should be",
    async (jumpMs) => {
      await startFiveNodes();
      await cluster.fail("node-1");
      await clock.advance(500);
      clock.skewMs += jumpMs;
      await clock.advance(2_400);
      expect(isNodeReady(await cluster.node("node-1"))).toBe(true);
      await clock.advance(2_200);
      expect(isNodeReady(await cluster.node("node-1"))).toBe(false);
    },
  );

  it.each([HOUR_MS, -HOUR_MS])(
    "a crash just after a jump of %i ms is noticed when it should be",
    async (jumpMs) => {
      await startFiveNodes();
      clock.skewMs += jumpMs;
      await cluster.fail("node-1");
      await clock.advance(2_900);
      expect(isNodeReady(await cluster.node("node-1"))).toBe(true);
      await clock.advance(2_200);
      expect(isNodeReady(await cluster.node("node-1"))).toBe(false);
      const others = (await cluster.objects.list(nodes)).items.filter(
        ({ metadata }) => metadata.name !== "node-1",
      );
      expect(others.every(isNodeReady)).toBe(true);
    },
  );
});
