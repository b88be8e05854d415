import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home } from "./program.ts";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures", "openb");
const NODES = join(FIXTURES, "openb_node_list_all_node.csv");
const PODS = join(FIXTURES, "openb_pod_list_default.csv");

describe("kubesim load of the openb lists, through a running server", () => {
  const home = new Home();
  const clusters: string[] = [];
  afterAll(() => home.remove(clusters));

  it.each([
    ["first-fit", "cpu,memory", "5c41b105", 8152, 0, 1077],
    ["best-fit", "cpu,memory", "77428ef5", 8152, 0, 1165],
    ["worst-fit", "cpu,memory", "ef8c136f", 8131, 21, 1202],
    ["first-fit", "cpu", "e7d6273a", 8152, 0, 1071],
    ["best-fit", "cpu", "4272c91a", 8152, 0, 1159],
    ["worst-fit", "cpu", "3e7e56aa", 8131, 21, 1202],
  ])(
    "%s by %s places as the worked example says",
    async (strategy, resources, prefix, placed, pending, nodesUsed) => {
      const cluster = `${strategy}-${resources.replace(",", "-")}`;
      clusters.push(cluster);
      await home.succeed(["server", "start", "--cluster", cluster, "--store", "memory"]);
      await home.succeed(["strategy", "set", strategy, "--cluster", cluster]);
      // The default is left unsaid, so that it is what is tested.
      const chosen = resources === "cpu,memory" ? [] : ["--resources", resources];
      const argv = ["load", NODES, PODS, ...chosen, "--wait", "-o", "json", "--cluster", cluster];
      const { stdout } = await home.succeed(argv);
      const { sha256, ...counts } = JSON.parse(stdout) as { sha256: string };
      expect(counts).toEqual({ created: 9675, failed: 0, placed, pending, nodesUsed, undecided: 0 });
      expect(sha256.slice(0, 8)).toBe(prefix);
      await home.succeed(["server", "stop", "--cluster", cluster]);
    },
  );
});

describe("kubesim load", () => {
  const home = new Home();
  const file = (name: string, text: string): string => {
    const path = join(home.path, name);
    writeFileSync(path, text);
    return path;
  };
  beforeAll(() => home.succeed(["server", "start", "--store", "memory"]));
  afterAll(() => home.remove());

  const countPods = async (): Promise<number> => {
    const { stdout } = await home.succeed(["pods", "list", "-o", "json"]);
    return (JSON.parse(stdout) as { items: unknown[] }).items.length;
  };
  const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
    - name: main
      image: pause
`;

  it("takes many YAML documents from stdin", async () => {
    const { stdout } = await home.succeed(["load", "-"], { stdin: `${pod("yaml-1")}---\n${pod("yaml-2")}` });
    expect(stdout).toContain("created 2 pods");
  });

  it("takes a List in JSON, as kubectl writes it", async () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } }],
    };
    const { stdout } = await home.succeed(["load", file("list.json", JSON.stringify(list))]);
    expect(stdout).toContain("created 1 namespace");
  });

  it("takes a definition with objects of its kind in one file, and later objects of that kind alone", async () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example.com}
spec:
  group: sea.example.com
  scope: Namespaced
  names: {plural: boats, kind: Boat}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`;
    const boat = (name: string) => `apiVersion: sea.example.com/v1\nkind: Boat\nmetadata: {name: ${name}}\n`;
    const both = file("boats.yaml", `${definition}---\n${boat("one")}---\n${boat("two")}`);
    expect((await home.succeed(["load", both])).stdout).toContain(
      "created 1 customresourcedefinition, 2 boats",
    );
    const { stdout } = await home.succeed(["load", file("more.yaml", boat("three"))]);
    expect(stdout).toContain("created 1 boat");
    const plane = "apiVersion: air.example.com/v1\nkind: Plane\nmetadata: {name: x}\n";
    const outcome = await home.run(["load", file("plane.yaml", plane)]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("kubesim has no kind Plane in air.example.com/v1");
  });

  it.each([
    ["broken.yaml", "kind: Pod\n  metadata: [", /broken\.yaml:1:7: /],
    [
      "kind.yaml",
      `${pod("good")}---\napiVersion: v1\nkind: Podd\nmetadata:\n  name: x\n`,
      /kind\.yaml:10:1: kubesim has no kind Podd in v1/,
    ],
    [
      "cells.csv",
      "name,cpu_milli,memory_mib\np-1,1000,1024\np-2,1000\n",
      /cells\.csv:3:\d+: has 2 cells, the header 3/,
    ],
    [
      "number.csv",
      "name,cpu_milli,memory_mib\np-1,1000,1024\np-2,1e400,1\n",
      /number\.csv:3:5: cpu_milli "1e400"/,
    ],
    ["header.csv", "a,b\n1,2\n", /header\.csv:1:1: is no openb list/],
    ["empty.yaml", "", /empty\.yaml: has no objects in it/],
  ])("of %s names the place and creates nothing", async (name, text, message) => {
    const before = await countPods();
    const outcome = await home.run(["load", file(name, text)]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).toContain("hint: ");
    expect(await countPods()).toBe(before);
  });

  it("tells exactly what was created when the server refuses an object, and where it stands", async () => {
    const path = file("twice.yaml", `${pod("fresh")}---\n${pod("yaml-1")}---\n${pod("later")}`);
    const outcome = await home.run(["load", path, "-o", "json"]);
    expect(outcome.code).toBe(1);
    const { created, failed } = JSON.parse(outcome.stdout) as { created: number; failed: number };
    expect(created + failed).toBe(3);
    expect(failed).toBeGreaterThan(0);
    expect(outcome.stderr).toContain("twice.yaml:10");
    const names = (await home.succeed(["pods", "list", "-o", "name"])).stdout;
    expect(names.includes("pod/fresh")).toBe(true);
  });
});
