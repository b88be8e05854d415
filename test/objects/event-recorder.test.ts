import { describe, expect, it } from "vitest";
import { EventRecorder } from "../../src/api/event-recorder.ts";
import { type Event, events } from "../../src/api/kinds/event.ts";
import { type Namespace, namespaces } from "../../src/api/kinds/namespace.ts";
import { keyOf } from "../../src/api/meta.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";

async function recorderUnderTest() {
  const clock = new VirtualClock();
  const random = createRandom(1);
  const objects = new StoredObjects({ store: new MemoryStore(), clock, random });
  await bootstrap(objects);
  const errors: unknown[] = [];
  const recorder = new EventRecorder({
    objects,
    clock,
    random,
    component: "test",
    onError: (error) => errors.push(error),
  });
  const about: Namespace = await objects.get(namespaces, { name: "default" });
  const recorded = async (): Promise<readonly Event[]> => (await objects.list(events)).items;
  return { clock, objects, recorder, about, errors, recorded };
}

describe("EventRecorder", () => {
  it("gives an event another name where somebody else's has its own", async () => {
    const { clock, objects, recorder, about, errors, recorded } = await recorderUnderTest();
    // With the same chance: it would name its events the same.
    const onError = (error: unknown) => errors.push(error);
    const other = new EventRecorder({ objects, clock, random: createRandom(1), component: "test", onError });
    recorder.record(about, "Normal", "Started", "one");
    other.record(about, "Normal", "Stopped", "other");
    await clock.settle();
    expect((await recorded()).map(({ reason }) => reason).sort()).toEqual(["Started", "Stopped"]);
    expect(errors).toEqual([]);
  });

  it("writes soon, but never inside the call", async () => {
    const { clock, recorder, about, recorded } = await recorderUnderTest();
    recorder.record(about, "Normal", "Started", "Started container main", {
      host: "node-1",
      fieldPath: "spec.containers{main}",
    });
    expect(await recorded()).toEqual([]);
    await clock.settle();
    expect(await recorded()).toMatchObject([
      {
        reason: "Started",
        count: 1,
        source: { component: "test", host: "node-1" },
        involvedObject: {
          kind: "Namespace",
          name: "default",
          uid: about.metadata.uid,
          fieldPath: "spec.containers{main}",
        },
      },
    ]);
  });

  it("raises the count of an event that happens again", async () => {
    const { clock, recorder, about, recorded } = await recorderUnderTest();
    for (let times = 0; times < 3; times++) recorder.record(about, "Warning", "BackOff", "again");
    await clock.settle();
    expect(await recorded()).toMatchObject([{ message: "again", count: 3 }]);
  });

  it("starts anew when the event it would count is gone", async () => {
    const { clock, objects, recorder, about, recorded, errors } = await recorderUnderTest();
    recorder.record(about, "Warning", "BackOff", "again");
    await clock.settle();
    for (const event of await recorded()) await objects.delete(events, keyOf(event));
    recorder.record(about, "Warning", "BackOff", "again");
    await clock.settle();
    expect(await recorded()).toMatchObject([{ message: "again", count: 1 }]);
    expect(errors).toEqual([]);
  });

  it("allows details while they are few, and again later", async () => {
    const { clock, recorder } = await recorderUnderTest();
    const allowed = () => Array.from({ length: 200 }, () => recorder.allows(3)).filter(Boolean).length;
    expect(allowed()).toBe(100);
    await clock.advance(1_000);
    expect(allowed()).toBe(10);
  });

  it("spreads a storm over time and loses none of it", async () => {
    const { clock, recorder, about, recorded } = await recorderUnderTest();
    for (let number = 0; number < 1_000; number++)
      recorder.record(about, "Normal", "Told", `number ${number}`);
    await clock.settle();
    expect((await recorded()).length).toBeLessThan(200);
    await clock.advance(1_000);
    expect(new Set((await recorded()).map((event) => event.message)).size).toBe(1_000);
  });
});
