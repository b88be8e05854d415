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
      "large.swf: brings nothing to place: 1 job is left out: " +
        "field 5 (processors) is more than any node has (8): line 2 (99)",
    ],
    ["late.swf", `${SWF}2 -5 -1 10 4 -1 -1 4 -1\n`, "late.swf:3: field 2 (submit) is -5"],
    ["text.swf", `${SWF}2 x -1 10 4 -1 -1 4 -1\n`, 'text.swf:3: field 2 (submit) "x" is not a number'],
    ["first.swf", "1 0 -1 x 4 -1 -1 4\n", 'first.swf:1: field 4 (run) "x" is not a number'],
    ["short.swf", "1 0 -1 10\n", "short.swf:1: has 4 fields, a job has 18"],
    [
      "type.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: 5}\n",
      'type.yaml:1: Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number',
    ],
    [
      "value.yaml",
      "# a pod\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n" +
        "spec: {containers: [{name: c, image: i, resources: {requests: {cpu: -3}}}]}\n",
      'value.yaml:2: Pod "a" is invalid: spec.containers[0].resources.requests[cpu]: Invalid value: "-3"',
    ],
    [
      "field.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containerz: []}\n",
      'field.yaml:1: Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
        'unknown field "spec.containerz"',
    ],
    ["void.yaml", "", "void.yaml: is an empty file of Kubernetes manifests"],
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
    const { stdout, stderr } = await home.succeed(argv);
    expect(stderr).toContain(
      "wide.csv: 1 pod will never start: line 3: cpu of b is 99, more than any node has (8)",
    );
    const { results } = JSON.parse(stdout) as { readonly results: readonly object[] };
    expect(results[0]).toMatchObject({ placed: 2, pending: 1, neverFitting: 1 });
  });

  it("jobs and pods that can never start, the first few by name and the others by number", async () => {
    const jobs = [
      [4, 10],
      [99, 10],
      [98, 10],
      [97, 10],
      [96, 10],
      [4, 0],
      [0, 5],
    ];
    const lines = jobs.map(([cpus, run], at) => `${at + 1} ${at} -1 ${run} ${cpus} -1 -1 ${cpus} -1`);
    home.write("mixed.swf", `; a log\n${lines.join("\n")}\n`);
    const { stderr } = await home.succeed([
      "simulate",
      "--processors",
      "8",
      "--pods",
      "mixed.swf",
      "-o",
      "json",
    ]);
    expect(stderr).toContain("mixed.swf: 1 job is left out: field 4 (run) says no run time: line 7 (0)");
    expect(stderr).toContain(
      "1 job is left out: fields 5 (processors) and 8 (requested) say none: line 8 (0)",
    );
    expect(stderr).toContain(
      "4 jobs are left out: field 5 (processors) is more than any node has (8): " +
        "line 3 (99), line 4 (98), line 5 (97), and 1 more",
    );
    const container = "{name: c, image: i, resources: {requests: {cpu: 3, memory: 3Gi}}}";
    const template = `{metadata: {labels: {a: b}}, spec: {containers: [${container}]}}`;
    const spec = `{replicas: 2, selector: {matchLabels: {a: b}}, template: ${template}}`;
    home.write("app.yaml", `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec: ${spec}\n`);
    const nodes = ["--node", "cpu=4,memory=1Gi", "--node", "cpu=1,memory=4Gi", "--duration", "5s"];
    const outcome = await home.succeed(["simulate", ...nodes, "--pods", "app.yaml", "-o", "json"]);
    expect(outcome.stderr).toContain(
      "app.yaml: 1 pod will never start: line 1: app asks for cpu 3 and memory 3Gi, and no node has both",
    );
  });

  it("generators of which no pod can ever start", async () => {
    const flags = [
      "simulate",
      "--node",
      "cpu=8",
      "--generate",
      "poisson:1",
      "--pod-count",
      "3",
      "-o",
      "json",
    ];
    const words = "cpu of every pod is 9, more than any node has (8)";
    const { stderr } = await home.succeed([...flags, "--pod-cpu", "uniform:9,20"]);
    expect(stderr).toContain(`--pod-cpu is too large: ${words}`);
    const refused = await home.run([...flags, "--pod-cpu", "9", "--queue", "fcfs"]);
    expect([refused.code, refused.stdout, refused.stderr]).toEqual([2, "", expect.stringContaining(words)]);
    const spec = "spec:\n  nodes: {count: 1, cpu: 8}\n  queue: fcfs\n  workload:\n    arrivals: poisson:1\n";
    const head = "apiVersion: kubesim.dev/v1alpha1\nkind: Scenario\nmetadata: {name: g}\n";
    home.write("g.yaml", `${head}${spec}    count: 3\n    cpu: 9\n`);
    const scenario = await home.run(["simulate", "g.yaml"]);
    expect([scenario.code, scenario.stderr]).toEqual([
      2,
      expect.stringContaining(`g.yaml:10: spec.workload[0].cpu: ${words}`),
    ]);
  });

  it("objects that two files bring", async () => {
    home.write("one.csv", "name,cpu_milli,memory_mib\na,1,1\n");
    home.write("two.csv", "name,cpu_milli,memory_mib\nb,1,1\na,1,1\n");
    home.write("nodes.csv", "sn,cpu_milli,memory_mib\nn,1,1\n");
    const files = ["--pods", "one.csv", "--pods", "two.csv", "--arrivals", "none"];
    const pods = await home.run(["simulate", "--nodes", "nodes.csv", ...files]);
    expect([pods.code, pods.stderr]).toEqual([
      2,
      expect.stringContaining('two.csv:3: Pod "a" is in one.csv already'),
    ]);
    const twice = ["--nodes", "nodes.csv", "--nodes", "nodes.csv", "--pods", "one.csv", "--arrivals", "none"];
    const nodes = await home.run(["simulate", ...twice]);
    expect([nodes.code, nodes.stderr]).toEqual([
      2,
      expect.stringContaining('nodes.csv: Node "n" is in nodes.csv already'),
    ]);
  });

  it("a pod of a file that is called as one that is drawn", async () => {
    home.write("mine.csv", "name,cpu_milli,memory_mib\nweb-1,1,1\npod-4,1,1\npod-3,1,1\n");
    const drawn = ["--arrivals", "none", "--generate", "constant:1", "--pod-count", "3", "--duration", "1m"];
    const outcome = await home.run(["simulate", "--node", "cpu=8", "--pods", "mine.csv", ...drawn]);
    expect(outcome.stderr).toContain(
      'mine.csv:4: Pod "pod-3" has the name of a pod that is drawn: those of "pod"',
    );
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
  });

  it("names of results, which have none", async () => {
    const outcome = await home.run([
      ...["simulate", "--node", "cpu=8", "--generate", "constant:1", "--duration", "1m", "-o", "name"],
    ]);
    expect(outcome.stderr).toContain("-o name is for objects. Results have no names");
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
  });

  it.each([
    [["--limit-pods", "3"], "--limit-pods is about --pods, which is not there"],
    [["--every-node", "2"], "--every-node is about --nodes, which is not there"],
    [["--recovery-prob", "0.5"], "--recovery-prob is about --failure-prob, which is not there"],
    [["--fault", "node-hang"], "--fault is about --preset or --mtbf or --mttr or --failure-prob"],
  ])("flags that would change nothing: %j", async (flags, message) => {
    const outcome = await home.run(["simulate", "--node", "cpu=8", "--generate", "constant:1", ...flags]);
    expect(outcome.stderr).toContain(message);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
  });

  it.each([
    ["--report", "no/such/page.html", "there is no such folder"],
    ["--shrink", ".", "it is a folder"],
  ])("%s %s, before anything is simulated", async (flag, file, why) => {
    const some = ["--node", "cpu=8", "--generate", "constant:1", "--duration", "1m"];
    const outcome = await home.run(["simulate", ...some, flag, file]);
    expect(outcome.stderr).toContain(`Couldn't write ${file}: ${why}`);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
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
    ["  seeds: [one, two, one]\n", 's.yaml:5: spec.seeds[2]: "one" is there twice'],
    ["  strategies: [first-fit, first-fit]\n", 's.yaml:5: spec.strategies[1]: "first-fit" is there twice'],
    ["  strategies: []\n", "s.yaml:5: spec.strategies: is an empty list"],
    ["  seeds: [9..1]\n", 's.yaml:5: spec.seeds[0]: "9..1" is not a seed, or a range of them'],
    ["  faults: [{mtbf: 0s, mttr: 1s}]\n", 's.yaml:5: spec.faults[0].mtbf: "0s" is not a distribution'],
    [
      "  faults: [{mtbf: 1h, mttr: 1s, from: 2h, until: 1h}]\n",
      "s.yaml:5: spec.faults[0].until: is not after from",
    ],
    ["  nodes: []\n", "s.yaml:5: spec.nodes: There are no nodes to simulate"],
    ["  nodes: {count: 1}\n", "s.yaml:5: spec.workload: There is nothing to place"],
    [
      "  nodes: {count: 1}\n  workload: {arrivals: none, count: 1}\n  strategies: [best-fit, best-fitt]\n",
      's.yaml:7: spec.strategies[1]: There is no strategy "best-fitt"',
    ],
    ["  queue: fcfs\n---\nkind: Scenario\n", "begins a second document: a file holds one scenario"],
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
