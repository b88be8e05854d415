import { describe, expect, it } from "vitest";
import { didYouMean } from "./did-you-mean.ts";

describe("didYouMean", () => {
  it.each([
    ["best-fti", ["first-fit", "best-fit", "worst-fit"], "best-fit"],
    ["lst", ["list", "launch", "describe"], "list"],
    ["stat", ["start", "status", "stop"], "status"],
    ["fsh", ["bash", "zsh", "fish"], "fish"],
    ["NODE-1", ["node-1", "node-2"], "node-1"],
  ])("%s among %j is %s", (typed, candidates, meant) => {
    expect(didYouMean(typed, candidates)).toBe(meant);
  });

  it("says nothing when nothing is close", () => {
    expect(didYouMean("banana", ["list", "launch"])).toBeUndefined();
    expect(didYouMean("x", [])).toBeUndefined();
    expect(didYouMean("", ["list"])).toBeUndefined();
  });

  it("counts an exchange of neighbours as one mistake", () => {
    expect(didYouMean("ndoes", ["nodes", "modes"])).toBe("nodes");
  });
});
