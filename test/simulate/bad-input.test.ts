import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";

const home = new Home();
afterAll(() => home.remove([]));

const SWF = "; a log\n1 0 -1 10 4 -1 -1 4 -1 -1 1 1 1 -1 -1 1 -1 -1\n";

describe("bad input is named by file, line and field, and nothing is simulated", () => {
  it.each([
    [
      "late.csv",
      "name,cpu_milli,memory_mib,creation_time,deletion_time\na,1,1,9,10\nb,1,1,8,10\n",
      "late.csv:3:7: creation_time 8 is before the row above (9)",
    ],
    [
      "end.csv",
      "name,cpu_milli,memory_mib,creation_time,deletion_time\na,1,1,9,8\n",
      "end.csv:2:9: deletion_time 8 is before its start (9)",
    ],
    ["missing.csv", "name,cpu_milli,memory_mib\na,1,1\n", "missing.csv:1:1: has no column creation_time"],
    ["other.csv", "a,b\n1,2\n", "other.csv:1:1: is no openb list"],
    ["nodes.csv", "sn,cpu_milli,memory_mib\na,1,1\n", "nodes.csv:1:1: is a list of nodes, not of pods"],
    [
      "empty.csv",
      "name,cpu_milli,memory_mib,creation_time,deletion_time\n",
      "empty.csv: is an empty openb pod list",
    ],
    ["empty.swf", "; nothing\n", "empty.swf: is an empty log in the standard workload format"],
    [
      "large.swf",
      SWF.replaceAll(" 4 ", " 99 "),
      "large.swf: is an empty log in the standard workload format: 1 jobs are left out",
    ],
    ["late.swf", `${SWF}2 -5 -1 10 4 -1 -1 4 -1\n`, "late.swf:3: field 2 (submit) is -5"],
    ["text.swf", `${SWF}2 x -1 10 4 -1 -1 4 -1\n`, 'text.swf:3: field 2 (submit) "x" is not a number'],
    [
      "kind.yaml",
      "apiVersion: v1\nkind: Node\nmetadata: {name: a}\n",
      "kind.yaml:1: is a Node, not part of a workload",
    ],
  ])("%s", async (name, text, message) => {
    home.write(name, text);
    const outcome = await home.run(["simulate", "--processors", "8", "--pods", name]);
    expect(outcome.stderr).toContain(message);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
  });

  it.each(["fcfs", "easy"])("a pod that would hold up the queue %s for ever", async (queue) => {
    const rows = "a,1000,1024,0,9\nb,99000,1024,1,9\nc,1000,1024,2,9\n";
    home.write("wide.csv", `name,cpu_milli,memory_mib,creation_time,deletion_time\n${rows}`);
    const argv = ["simulate", "--node", "cpu=8", "--pods", "wide.csv", "-o", "json"];
    const outcome = await home.run([...argv, "--queue", queue]);
    expect(outcome.stderr).toContain("wide.csv:3: cpu of b is 99, more than any node has (8)");
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    const { stdout } = await home.succeed(argv);
    const { results } = JSON.parse(stdout) as { readonly results: readonly object[] };
    expect(results[0]).toMatchObject({ placed: 2, pending: 1, neverFitting: 1 });
  });

  it("a damaged gzip", async () => {
    const packed = gzipSync(SWF.repeat(100));
    writeFileSync(`${home.path}/cut.swf.gz`, packed.subarray(0, packed.length - 20));
    const outcome = await home.run(["simulate", "--processors", "8", "--pods", "cut.swf.gz"]);
    expect(outcome.stderr).toContain("cut.swf.gz: is a damaged gzip file");
    expect(outcome.code).toBe(2);
  });

  it.each([
    [
      "  nodes:\n    - count: 2\n      cpuu: 4\n",
      "s.yaml:7: spec.nodes[0].cpuu: is no field that is known here",
    ],
    ["  nodes: {count: -1}\n", "s.yaml:5: spec.nodes[0].count: -1 is not a whole number from 1 to 10000000"],
    ["  queue: lifo\n", 's.yaml:5: spec.queue: "lifo" is not a queue discipline (skip, fcfs, easy)'],
    ["  faults: [{mtbf: 1m, mttr: 1s}]\n", "has faults but no duration"],
    [
      "  events: [at noon crash busiest]\n",
      's.yaml:5: spec.events[0]: "at noon crash busiest" is not an event',
    ],
  ])("a scenario with %j", async (spec, message) => {
    home.write(
      "s.yaml",
      `apiVersion: kubesim.dev/v1alpha1\nkind: Scenario\nmetadata: {name: s}\nspec:\n${spec}`,
    );
    const outcome = await home.run(["simulate", "s.yaml"]);
    expect(outcome.stderr).toContain(message);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
  });
});
