import { expect, it } from "vitest";
import { loadStrategyWithinTime } from "./custom-strategy.ts";

it("loads the default export of a module from its text", async () => {
  expect(await loadStrategyWithinTime("export default { score: 7 };")).toEqual({ score: 7 });
});

it.each([
  ["throws", 'throw new Error("no such luck");', "no such luck"],
  ["awaits what never comes", "await new Promise(() => {});", "it awaits something that never comes"],
  ["ends the process", "process.exit(3);", "it ends the process that loads it (exit code 3)"],
  [
    "fails later than it waits",
    'setTimeout(() => { throw new Error("too late"); }, 1); await new Promise((done) => setTimeout(done, 1_000));',
    "too late",
  ],
])("refuses a module that %s, and lives on", async (_how, source, why) => {
  await expect(loadStrategyWithinTime(source)).rejects.toThrow(why);
});
