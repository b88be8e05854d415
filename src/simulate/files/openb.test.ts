import { describe, expect, it } from "vitest";
import { readCsv } from "./csv.ts";
import { openbKind, readOpenb } from "./openb.ts";

const both = { resources: new Set(["cpu", "memory"] as const), namespace: "default" };
const read = (text: string, options = both) => readOpenb("o.csv", readCsv("o.csv", text), options);

describe("openb lists", () => {
  it("are told by their headers", () => {
    expect(openbKind(["sn", "cpu_milli", "memory_mib", "gpu", "model"])).toBe("nodes");
    expect(openbKind(["name", "cpu_milli", "memory_mib", "num_gpu"])).toBe("pods");
    expect(openbKind(["a", "b"])).toBeUndefined();
  });

  it("a node row becomes a Node with exactly its room", () => {
    const [loaded] = read("sn,cpu_milli,memory_mib,gpu,model\nn-1,32500,262144,0,\n");
    expect(loaded?.kind.kind).toBe("Node");
    expect(loaded?.draft).toMatchObject({
      metadata: { name: "n-1" },
      status: { allocatable: { cpu: "32500m", memory: "262144Mi" } },
    });
  });

  it("a pod row becomes a Pod that asks for the chosen resources", () => {
    const text = "name,cpu_milli,memory_mib\np-1,12000,16384\n";
    const requests = (options: typeof both) => {
      const [loaded] = read(text, options);
      const draft = loaded?.draft as unknown as {
        spec: { containers: { resources: { requests: object } }[] };
      };
      return draft.spec.containers[0]?.resources.requests;
    };
    expect(requests(both)).toEqual({ cpu: "12", memory: "16384Mi" });
    expect(requests({ ...both, resources: new Set(["cpu"] as const) as typeof both.resources })).toEqual({
      cpu: "12",
    });
  });

  it.each([
    ["p-1,-1,1", 'o.csv:2:5: cpu_milli "-1" is not a whole number from 0'],
    ["p-1,1,1e400", 'o.csv:2:7: memory_mib "1e400"'],
    ["P_1,1,1", 'o.csv:2:1: "P_1" can not be the name of an object'],
    ["p-1,1,1\np-1,2,2", 'o.csv:3:1: "p-1" is already on line 2'],
  ])("%j is refused with its place", (rows, message) => {
    expect(() => read(`name,cpu_milli,memory_mib\n${rows}\n`)).toThrow(message);
  });
});
