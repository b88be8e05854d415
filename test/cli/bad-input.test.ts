import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home, type Outcome } from "./program.ts";
import { connectTo, setScene } from "./scene.ts";

/** Message, hint and exit code of a refusal. */
function expectRefusal(outcome: Outcome, code: number, message: string, hint: string): void {
  expect(outcome.stderr).toContain(`error: ${message}`);
  expect(outcome.stderr).toContain("hint: ");
  expect(outcome.stderr).toContain(hint);
  expect(outcome.stderr).not.toMatch(/\bat .*\.js:\d+/);
  expect(outcome.stdout).toBe("");
  expect(outcome.code).toBe(code);
}

describe("bad input changes nothing and says what to do", () => {
  const home = new Home();
  let cluster: Awaited<ReturnType<typeof connectTo>>;
  let before: string;
  const state = async (): Promise<string> => {
    const outcome = await home.succeed(["status", "-o", "json"]);
    const { clock: _itself, ...rest } = JSON.parse(outcome.stdout);
    return JSON.stringify(rest);
  };
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", "memory"]);
    cluster = await connectTo(home);
    await setScene(cluster.objects);
    await home.succeed(["nodes", "list"]);
    await cluster.close();
    before = await state();
  });
  afterAll(() => home.remove());

  it.each([
    ["nodes add --cpu 0", 2, '--cpu "0" must be more than zero', "Write cores"],
    ["nodes add --cpu -5", 2, '--cpu "-5" must be more than zero', "Write cores"],
    ["nodes add --cpu 1e400", 2, '--cpu "1e400" is not a quantity', "Write cores"],
    ["nodes add --cpu 2x", 2, '--cpu "2x" is not a quantity', "500m"],
    ["nodes add --memory much", 2, '--memory "much" is not a quantity', "16Gi"],
    ["nodes add --memory 5", 2, '--memory "5" is 5 bytes, less than 1Mi', "Did you mean 5Gi?"],
    ["nodes add --count 1.5", 2, '--count "1.5" is not a whole number', "Write one"],
    ["nodes add Node_1", 2, 'name "Node_1" is not a name', "node-1"],
    ["nodes add node-1", 1, 'There is already a node named "node-1"', "Choose another name"],
    ["nodes add --label team", 2, '--label "team" is not of the form key=value', "team=search"],
    ["nodes add --taint a=b:Never", 2, '--taint "a=b:Never" is not of the form', "NoSchedule"],
    ["pods launch --cpu 0", 2, '--cpu "0" must be more than zero', "Write cores"],
    ["pods launch --duration 0", 2, '--duration "0" must be more than zero', "30s"],
    ["pods launch pod-1", 1, 'There is already a pod named "pod-1"', "Choose another name"],
    ["pods launch web -n Bad_Name", 2, '--namespace "Bad_Name" is not a name', "bad-name"],
    ["pods launch web -n nowhere", 1, 'Couldn\'t find namespace "nowhere"', "Make it first"],
    [
      "pods launch --restart-policy never",
      2,
      '--restart-policy "never" is not one of',
      'Did you mean "Never"?',
    ],
    ["strategy set best-fti", 2, 'There is no strategy "best-fti"', 'Did you mean "best-fit"?'],
    ["strategy set ./missing.mjs", 2, "Couldn't read ./missing.mjs: there is no such file", "strategy list"],
    ["timing set clasic", 2, 'There is no timing profile "clasic"', 'Did you mean "classic"?'],
    ["chaos --failure-prob 1.5", 2, '--failure-prob "1.5" is no probability', "0 to 1"],
    ["chaos --recovery-prob -0.1", 2, '--recovery-prob "-0.1" is no probability', "0 to 1"],
    ["chaos --duration 0", 2, '--duration "0" is too short', "duration"],
    ["chaos --steady running>=x", 2, "--steady", "hint"],
    ["chaos --report jsn --dry-run", 2, '--report "jsn" is not a format', 'Did you mean "json"?'],
    ["chaos --max-down 0", 2, "--max-down 0 leaves nothing to do", "--dry-run"],
    ["chaos heel", 2, 'unknown command "chaos heel"', "Did you mean heal?"],
    ["nodes add --cpus 4", 2, 'unknown option "--cpus"', "Did you mean --cpu?"],
    ["nods list", 2, 'unknown command "nods"', "Did you mean"],
    ["nodes lst", 2, 'unknown command "lst"', "Did you mean list?"],
    ["nodes kill", 2, 'missing required argument "name"', "kubesim nodes kill --help"],
    ["--cluster default nodes -n x kill", 2, 'missing required argument "name"', "kubesim nodes kill --help"],
    [
      "--cluster default nodes kill node-77",
      1,
      `Couldn't find node "node-77"`,
      "kubesim --cluster default nodes list",
    ],
    ["nodes kill node-11", 1, `Couldn't find node "node-11"`, 'Did you mean "node-1"?'],
    ["pods describe pod-11", 1, `Couldn't find pod "pod-11" in namespace "default"`, 'Did you mean "pod-1"?'],
    ["pods delete", 2, "Say which pods to delete", "--all"],
    ["pods delete --all", 2, "Delete 2 pods needs a confirmation", "--yes"],
    ["nodes revive", 2, "Say which nodes to revive", "--all"],
    ["nodes remove node-1", 1, "node-1 still runs 2 pods; nothing was removed", "--force"],
    ["explain pod-1", 2, 'unknown command "pod-1"', 'Did you mean "kubesim explain pod pod-1"?'],
    ["explain pod nobody", 1, `Couldn't find pod "nobody"`, "kubesim pods list"],
    ["pods list -o jsn", 2, '--output "jsn" is not one of', 'Did you mean "json"?'],
    ["pods list -l 'a in'", 2, '--selector "a in" is not a label selector', "zone in (a,b)"],
    [
      "pods list --field-selector spec.node=a",
      2,
      '--field-selector "spec.node=a" selects no pods',
      "spec.nodeName",
    ],
    ["load nothing.yaml", 2, "Couldn't read nothing.yaml: there is no such file", "stdin"],
    ["status --server not-a-url", 2, '--server "not-a-url" is no address', "https://"],
    ["status --cluster Not_A_Name", 2, '"Not_A_Name" is no name for a cluster', "lower-case"],
    ["completion fsh", 2, 'shell "fsh" is not one of', 'Did you mean "fish"?'],
    ["help exit-code", 2, 'There is no help about "exit-code"', "kubesim help exit-codes"],
  ])("kubesim %s", async (line, code, message, hint) => {
    const argv = [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? (match[2] as string));
    const outcome = await home.run(argv);
    expectRefusal(outcome, code, message, hint);
  });

  it("a strategy file that throws, or has no score, is refused before it is sent", async () => {
    writeFileSync(join(home.path, "broken.mjs"), "// mine\nexport default {\n  score: (pod) => }\n");
    writeFileSync(join(home.path, "empty.mjs"), "export const score = () => 1;");
    expectRefusal(
      await home.run(["strategy", "set", "./empty.mjs"]),
      2,
      "./empty.mjs is no strategy: it has no default export",
      "export default",
    );
    writeFileSync(join(home.path, "scoreless.mjs"), 'export default { name: "mine" };');
    expectRefusal(
      await home.run(["strategy", "set", "./broken.mjs"]),
      2,
      "./broken.mjs:3 is no strategy: Unexpected token",
      "score",
    );
    expectRefusal(
      await home.run(["strategy", "set", "./scoreless.mjs"]),
      2,
      "./scoreless.mjs is no strategy",
      "score",
    );
  });

  it("__proto__ in a manifest pollutes nothing and is answered like any other unknown field", async () => {
    const pod = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"evil"},"spec":{"__proto__":{"x":1}}}';
    const outcome = await home.run(["load", "-"], { stdin: pod });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("stdin:1");
  });

  it("has changed nothing", async () => {
    expect(await state()).toBe(before);
  });
});

describe("servers that are not there, or not ours", () => {
  const home = new Home();
  afterAll(() => home.remove());

  it("a dead one", async () => {
    const outcome = await home.run(["pods", "list", "--server", "https://127.0.0.1:9"]);
    expectRefusal(
      outcome,
      3,
      "Couldn't reach the server at https://127.0.0.1:9: nothing listens there",
      "server status",
    );
  });

  it("a foreign one", async () => {
    const foreign = createServer((_, response) => response.end("hello"));
    await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
    const { port } = foreign.address() as AddressInfo;
    const outcome = await home.run(["pods", "list", "--server", `http://127.0.0.1:${port}`]);
    foreign.close();
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain("not a Kubernetes API");
    expect(outcome.stderr).toContain("hint: ");
  });

  it("with -o json the refusal is one JSON object on stderr", async () => {
    const outcome = await home.run(["pods", "list", "--server", "https://127.0.0.1:9", "-o", "json"]);
    const { error } = JSON.parse(outcome.stderr) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ reason: "ServerUnreachable", next: [] });
    expect(outcome.stdout).toBe("");
  });
});

describe("a state directory that cannot be written", () => {
  const home = new Home();
  afterAll(() => home.remove());

  it("is named, with a hint", async () => {
    // A file where the directory should be: also root cannot write below it.
    mkdirSync(join(home.path, "state"));
    writeFileSync(join(home.path, "state", "kubesim"), "");
    chmodSync(join(home.path, "state", "kubesim"), 0o400);
    const outcome = await home.run(["nodes", "add"]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(join(home.path, "state", "kubesim"));
    expect(outcome.stderr).toContain("hint: ");
    expect(outcome.stderr).not.toMatch(/\bat .*\.js:\d+/);
  });
});
