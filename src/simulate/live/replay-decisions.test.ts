import { expect, it } from "vitest";
import { objectChange } from "../../recording/object-change.ts";
import { MemoryStore } from "../../store/memory.ts";
import { changesInTurn } from "./replay-decisions.ts";

const KEY = "nodes/n-5";

it("changes of one object that are told at once go on from each other", () => {
  const first = { kind: "Node", metadata: { name: "n-5" }, spec: {}, status: { phase: "Pending" } };
  const tainted = { ...first, spec: { taints: [{ key: "down", effect: "NoExecute" }] } };
  const running = { ...tainted, status: { phase: "Running" } };
  const cordoned = { ...first, spec: { unschedulable: true } };
  const store = new MemoryStore();
  const tell = (...changes: ReturnType<typeof objectChange>[]) =>
    store.apply(changesInTurn(JSON.parse(JSON.stringify(changes)), (key) => store.get(key)?.value));
  tell(objectChange(KEY, undefined, first));
  tell(objectChange(KEY, first, tainted), objectChange(KEY, tainted, running));
  expect(store.get(KEY)?.value).toEqual(running);
  // It goes, and another one comes by its name.
  tell(
    objectChange(KEY, running, undefined),
    objectChange(KEY, undefined, first),
    objectChange(KEY, first, cordoned),
  );
  expect(store.get(KEY)?.value).toEqual(cordoned);
  tell(objectChange(KEY, cordoned, first), objectChange(KEY, first, undefined));
  expect(store.get(KEY)).toBeUndefined();
});
