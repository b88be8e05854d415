import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { settleYoungSpace, YOUNG_SPACE } from "./young-space.ts";

/** How much room young objects take, in MB, in a process that makes many. */
function youngSpaceMb(execArgv: readonly string[], before: string): number {
  const script = `
    const v8 = require("node:v8");
    ${before}
    const kept = [];
    let mostBytes = 0;
    for (let at = 0; at < 1.5e6; at++) {
      kept[at % 300_000] = { at: [at] };
      if (at % 50_000 !== 0) continue;
      const space = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
      mostBytes = Math.max(mostBytes, space.space_size);
    }
    console.log(mostBytes / 2 ** 20);`;
  return Number(execFileSync(process.execPath, [...execArgv, "-e", script], { encoding: "utf8" }));
}

it("leaves the arguments that are none of its own", () => {
  expect(settleYoungSpace([YOUNG_SPACE, "--no-warnings"])).toEqual(["--no-warnings"]);
  expect(settleYoungSpace([])).toEqual([]);
});

it("keeps the room when the flag is put back", () => {
  const standard = youngSpaceMb([], "");
  const reset = `v8.setFlagsFromString(${JSON.stringify(YOUNG_SPACE.replace(/\d+$/, "0"))});`;
  expect(youngSpaceMb([YOUNG_SPACE], reset)).toBeGreaterThan(standard * 1.5);
});
