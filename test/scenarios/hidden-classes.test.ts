import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { nodes } from "../../src/api/kinds/node.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

setFlagsFromString("--allow-natives-syntax");
const isAlike = new Function("a", "b", "return %HaveSameMap(a, b)") as (a: object, b: object) => boolean;

const PODS = 120;
/** Objects of a kind live through some few states; they must not each have a class of their own. */
const MOST_CLASSES = 12;

/**
 * Why: V8 gives an object that was spread into a literal and then added to a hidden class of its own, which costs more
 * than all the rest of a write (see src/lib/extend.ts). Nothing but the speed tells of it.
 */
test("pods and nodes that live alike share the hidden classes of their parts", async () => {
  const cluster = await ClusterUnderTest.start();
  const names = await cluster.addNodes(40);
  for (let index = 0; index < PODS; index++) await cluster.launch(`p-${index}`);
  const seen = new Map<string, object[]>();
  const look = async () => {
    for (const pod of (await cluster.objects.list(pods)).items) {
      note(seen, "pod", pod);
      note(seen, "metadata of pods", pod.metadata);
      note(seen, "spec of pods", pod.spec);
      note(seen, "status of pods", pod.status);
      for (const status of pod.status.containerStatuses ?? []) note(seen, "container status", status);
      for (const condition of pod.status.conditions ?? []) note(seen, "condition", condition);
    }
    for (const node of (await cluster.objects.list(nodes)).items) {
      note(seen, "metadata of nodes", node.metadata);
      note(seen, "status of nodes", node.status);
    }
  };
  await cluster.clock.advance(2_000);
  await look();
  for (const name of names.slice(0, 30)) await cluster.fail(name);
  for (let second = 0; second < 8; second++) {
    await cluster.clock.advance(1_000);
    await look();
  }
  cluster.stop();
  expect(cluster.errors).toEqual([]);
  expect(seen.get("container status")?.length).toBeGreaterThan(0);
  for (const [part, classes] of seen) expect(classes.length, part).toBeLessThanOrEqual(MOST_CLASSES);
});

/** Keeps one object of each hidden class. */
function note(seen: Map<string, object[]>, part: string, object: object): void {
  const known = seen.get(part) ?? [];
  seen.set(part, known);
  if (!known.some((other) => isAlike(other, object))) known.push(object);
}
