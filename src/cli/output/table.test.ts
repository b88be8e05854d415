import { describe, expect, it } from "vitest";
import { renderTable } from "./table.ts";

describe("renderTable", () => {
  const rows = [
    ["node-1", "Ready", "5s"],
    ["a-much-longer-name-that-is-never-cut", "NotReady", "3d"],
  ];

  it("has no borders, no colours, three spaces between columns and none at the end", () => {
    expect(renderTable(["NAME", "STATUS", "AGE"], rows).split("\n")).toEqual([
      "NAME                                   STATUS     AGE",
      "node-1                                 Ready      5s",
      "a-much-longer-name-that-is-never-cut   NotReady   3d",
    ]);
  });

  it("leaves the header out on demand", () => {
    expect(renderTable(undefined, rows).split("\n")).toHaveLength(2);
  });

  it("looks the same for more than 1,000 rows, which another writer makes, and fast", () => {
    const many = Array.from({ length: 1_001 }, (_, index) => [`pod-${index}`, "Running", "5s"]);
    const large = renderTable(["NAME", "STATUS", "AGE"], many).split("\n");
    const small = renderTable(["NAME", "STATUS", "AGE"], many.slice(-1)).split("\n");
    expect(large.at(-1)).toBe(small.at(-1));
    expect(large).toHaveLength(1_002);
  });
});
