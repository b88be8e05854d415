import fc from "fast-check";
import { expect, test } from "vitest";
import type { Pod } from "../../api/kinds/pod.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { refusal } from "../filters/registry.ts";
import { nodeSpec, placeablePod } from "../placement/testing.ts";
import type { PodInfo } from "../pod-info.ts";
import { SchedulingQueue } from "./scheduling-queue.ts";

const NODES = ["a", "b", "c"];

function pod(at: number, requests: Record<string, number>, priority: number): PodInfo {
  const uid = String(at).padStart(4, "0");
  return { ...placeablePod(uid, requests), uid, place: uid, priority, mayPreempt: true, pod: {} as Pod };
}

/** Pods, nodes and a first-fit scheduler that goes through the queue, one way or the other. */
abstract class Scene {
  readonly state = new ClusterState();
  readonly placed: string[] = [];

  constructor() {
    for (const name of NODES) this.state.setNode(nodeSpec(name, { cpu: 8, memory: 8, gpu: 2, pods: 6 }));
  }

  abstract put(info: PodInfo): void;
  abstract pass(): void;

  /** Another pod of those that run ends. */
  end(at: number): void {
    const running = [...this.state.tenants()];
    const gone = running[at % Math.max(1, running.length)];
    const node = gone && this.state.forget(gone.uid);
    if (node !== undefined) this.freed(node);
  }

  protected freed(_node: NodeEntry): void {}

  protected place(info: PodInfo): boolean {
    const node = this.state.nodes.find((one) => one && refusal(info.shape, one) === undefined);
    if (node === undefined) return false;
    this.state.assume(info, node);
    this.placed.push(`${info.uid} ${node.name}`);
    return true;
  }
}

/** Tries every pod that waits, in order, at every pass. */
class Plain extends Scene {
  #waiting: PodInfo[] = [];

  put(info: PodInfo): void {
    this.#waiting.push(info);
    this.#waiting.sort((a, b) => b.priority - a.priority || (a.place < b.place ? -1 : 1));
  }

  pass(): void {
    this.#waiting = this.#waiting.filter((info) => !this.place(info));
  }
}

class Indexed extends Scene {
  tries = 0;
  readonly #queue = new SchedulingQueue(({ shape }, node) => refusal(shape, node) === undefined);

  put(info: PodInfo): void {
    this.#queue.put(info);
  }

  pass(): void {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      this.tries++;
      if (this.place(next.info)) {
        this.#queue.remove(next.info.uid);
        this.#queue.next(next.podClass);
      } else this.#queue.park(next.podClass, 0);
    }
  }

  protected override freed(node: NodeEntry): void {
    this.#queue.freed(node);
  }
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      put: fc.record({ cpu: fc.nat({ max: 5 }), memory: fc.nat({ max: 5 }), gpu: fc.nat({ max: 1 }) }),
      priority: fc.nat({ max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ end: fc.nat() }) },
  { weight: 2, arbitrary: fc.constant("pass" as const) },
);

test("who is tried when nodes are freed is placed as if all that wait were tried", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
      const scenes = [new Plain(), new Indexed()] as const;
      for (const [at, step] of steps.entries()) {
        for (const scene of scenes) {
          if (step === "pass") scene.pass();
          else if ("put" in step) scene.put(pod(at, step.put, step.priority));
          else scene.end(step.end);
        }
      }
      for (const scene of scenes) scene.pass();
      expect(scenes[1].placed).toEqual(scenes[0].placed);
    }),
    { numRuns: 100 },
  );
});

test("of a thousand that wait, only those that get the room are tried", () => {
  const scene = new Indexed();
  for (let at = 0; at < 1_000; at++) scene.put(pod(at, { cpu: 7, memory: 1 + at / 1_000 }, 0));
  scene.pass();
  expect(scene.placed).toHaveLength(NODES.length);
  scene.tries = 0;
  scene.end(0);
  scene.pass();
  expect(scene.placed).toHaveLength(NODES.length + 1);
  expect(scene.tries).toBe(1);
});
