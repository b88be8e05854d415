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
    ["P_1,1,1", 'o.csv:2:1: "P_1" cannot be the name of an object'],
    ["p-1,1,1\np-1,2,2", 'o.csv:3:1: "p-1" is already on line 2'],
  ])("%j is refused with its place", (rows, message) => {
    expect(() => read(`name,cpu_milli,memory_mib\n${rows}\n`)).toThrow(message);
  });
});

describe("openb lists with GPUs", () => {
  const withGpu = { resources: new Set(["cpu", "memory", "gpu"] as const), namespace: "default" };
  const readGpu = (text: string) =>
    readOpenb("o.csv", readCsv("o.csv", text), withGpu).map(({ draft }) => draft as never);
  const NODES = "sn,cpu_milli,memory_mib,gpu,model\n";
  const PODS = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n";

  it("nodes have a thousand of each device, and say what it is", () => {
    const [gpu, none] = readGpu(`${NODES}n-1,1000,1,8,V100M32\nn-2,1000,1,0,\n`);
    expect(gpu).toMatchObject({
      metadata: { labels: { "kubesim.dev/gpu-model": "V100M32" } },
      status: { allocatable: { "kubesim.dev/gpu-milli": "8000" } },
    });
    expect(none).toHaveProperty("status.allocatable", { cpu: "1", memory: "1Mi", pods: "100000" });
  });

  it("pods ask for a share or for whole devices, of the models that will do", () => {
    const [share, whole, none] = readGpu(
      `${PODS}a,1000,1,1,220,\nb,1000,1,4,1000,P100|V100M16|P100\nc,1000,1,0,0,nan\n`,
    );
    const resources = (pod: unknown) =>
      (pod as { spec: { containers: [{ resources: object }] } }).spec.containers[0].resources;
    expect(resources(share)).toEqual({
      requests: { cpu: "1", memory: "1Mi", "kubesim.dev/gpu-milli": "220" },
      limits: { "kubesim.dev/gpu-milli": "220" },
    });
    expect(resources(whole)).toMatchObject({ requests: { "kubesim.dev/gpu-milli": "4000" } });
    expect(whole).toMatchObject({
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: "kubesim.dev/gpu-model", operator: "In", values: ["P100", "V100M16"] },
                  ],
                },
              ],
            },
          },
        },
      },
    });
    expect(resources(none)).toEqual({ requests: { cpu: "1", memory: "1Mi" } });
  });

  it.each([
    [`${PODS}a,1,1,2,500,\n`, "o.csv:2:9: gpu_milli is 500 of each of 2 GPUs"],
    [`${PODS}a,1,1,1,0,\n`, "o.csv:2:9: gpu_milli is 0 of each of 1 GPUs"],
    [`${PODS}a,1,1,1,1200,\n`, 'gpu_milli "1200" is not a whole number from 0 to 1000'],
    [`${PODS}a,1,1,1,100,a b\n`, 'gpu_spec "a b" cannot be the value of a label'],
    ["name,cpu_milli,memory_mib\na,1,1\n", "o.csv:1:1: has no column num_gpu"],
    [`${NODES}n-1,1,1,x,\n`, 'o.csv:2:9: gpu "x" is not a whole number'],
  ])("%j is refused with its place", (text, message) => {
    expect(() => readGpu(text)).toThrow(message);
  });
});
