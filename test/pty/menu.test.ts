import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { menuItems } from "../../src/cli/menu/items.ts";
import { COMMANDS } from "../../src/cli/registry.ts";
import { Home } from "../cli/program.ts";
import { until } from "../cli/scene.ts";
import { Key, TerminalProgram } from "./terminal.ts";

const PROMPT = "What now?";
/** Stands before a question that has its answer. */
const TAKEN = "✔";

/** The menu in a terminal, driven by the labels of its entries. */
class Menu {
  readonly terminal: TerminalProgram;
  #read = 0;

  constructor(env: Readonly<Record<string, string>>) {
    this.terminal = new TerminalProgram([], env);
  }

  /** Waits for something that has come since the last `mark`. */
  see(wanted: string | RegExp): Promise<void> {
    return this.terminal.waitFor(wanted, this.#read);
  }

  /** Everything before this is old. */
  mark(): void {
    this.#read = this.terminal.mark;
  }

  /**
   * Types an entry's label, which leads there, and takes it. Arrows, of which each must wait for the list that is being
   * drawn, may go past it on a busy machine.
   */
  async choose(label: string): Promise<void> {
    await this.see(/❯ /);
    this.terminal.type(label);
    await this.see(`❯ ${label}`);
    this.mark();
    this.terminal.type(Key.enter);
    await this.see(TAKEN);
    // What was drawn before is old.
    this.#read = this.terminal.raw.indexOf(TAKEN, this.#read);
  }

  /** Takes the default of the question. */
  async enter(question: string | RegExp): Promise<void> {
    await this.see(question);
    await this.terminal.pause(80);
    this.mark();
    this.terminal.type(Key.enter);
  }

  /** Types an answer. */
  async answer(question: string | RegExp, text: string): Promise<void> {
    await this.see(question);
    await this.terminal.pause(80);
    this.terminal.type(text);
    await this.see(text);
    this.mark();
    this.terminal.type(Key.enter);
  }

  /** The action is over: the command line was told and the menu is back. */
  async done(commandLine: string): Promise<void> {
    await this.see(`You can also run: ${commandLine}`);
    await this.see(PROMPT);
  }
}

describe("the menu in a real terminal", () => {
  const home = new Home();
  let menu: Menu;
  const tried = new Set<string>();
  const choose = (label: string): Promise<void> => {
    tried.add(label);
    return menu.choose(label);
  };

  beforeAll(async () => {
    menu = new Menu(home.env);
    await menu.see(PROMPT);
  });
  afterAll(async () => {
    menu.terminal.close();
    await home.remove();
  });

  it("says that no cluster runs, and that the first command starts one", async () => {
    await menu.see("default · not running");
  });

  it("adds nodes by Enter alone, but for their number", async () => {
    await choose("Add nodes");
    await menu.enter("Name");
    await menu.enter("Cores");
    await menu.enter("Memory");
    await menu.answer("How many", "3");
    await menu.see("node/node-3 created");
    await menu.done("kubesim nodes add --count 3");
    await menu.see("default · ");
  });

  it("says what is wrong while an answer is typed, and takes it when it is mended", async () => {
    await choose("Launch pods");
    await menu.enter("Name");
    await menu.see("Cores");
    menu.terminal.type("2x");
    await menu.see("(is not a quantity) 2x");
    menu.terminal.type(Key.enter);
    await menu.see('"2x" is not a quantity. Write cores');
    menu.terminal.type(Key.ctrlU);
    await menu.answer("Cores", "2");
    await menu.enter("Memory");
    await menu.answer("How many", "2");
    await menu.enter("How long");
    await menu.see("pod/pod-2 created   node-1");
    await menu.done("kubesim pods launch --cpu 2 --count 2");
  });

  it.each([
    ["Status", "Strategy first-fit", "kubesim status"],
    ["List nodes", "node-2", "kubesim nodes list"],
    ["List pods", "pod-2", "kubesim pods list"],
    ["Events", "Successfully assigned default/pod-1 to node-1", "kubesim events"],
  ])("%s shows it", async (label, seen, line) => {
    await choose(label);
    await menu.see(seen);
    await menu.done(line);
  });

  it("shows what nodes use", async () => {
    await choose("Usage of nodes and pods");
    await menu.enter("nodes (the default) or pods");
    await menu.see(/node-1 +\d+m/);
    await menu.done("kubesim top");
  });

  it("explains a pod that is chosen from a list", async () => {
    await choose("Explain a pod");
    await menu.enter("Pod");
    await menu.see("pod-1 was placed on node-1 by first-fit");
    await menu.done("kubesim explain pod pod-1");
  });

  it("switches the strategy", async () => {
    await choose("Switch the strategy");
    await menu.choose("best-fit");
    await menu.see("strategy best-fit");
    await menu.done("kubesim strategy set best-fit");
  });

  it("switches the timing profile", async () => {
    await choose("Switch the timing profile");
    await menu.choose("fast");
    await menu.done("kubesim timing set fast");
  });

  it("kills a node, sees it noticed, revives it", async () => {
    await choose("Kill a node");
    await menu.choose("node-3");
    await menu.enter("How it fails");
    await menu.see("node/node-3 killed (node-crash)");
    await menu.done("kubesim nodes kill node-3");
    await choose("Revive a node");
    await menu.enter("Nodes");
    await menu.see("node/node-3 revived");
    await menu.done("kubesim nodes revive node-3");
  });

  it("runs chaos with a live view and a report", async () => {
    await choose("Run chaos");
    await menu.answer("How long", "3");
    await menu.answer("Chance per tick that a node fails", "0");
    await menu.enter("Chance per tick that it recovers");
    await menu.see(/nodes up 3\/3/);
    await menu.see("INVARIANTS");
    await menu.done("kubesim chaos --duration 3 --failure-prob 0");
    expect(menu.terminal.cursorShown || menu.terminal.text().includes(PROMPT)).toBe(true);
  });

  it("asks what if, and says what would happen", async () => {
    await choose("What if …");
    await menu.answer("What to try", "drain node-2");
    await menu.see("drain node-2: settled");
    await menu.see("the cluster itself was not touched");
    await menu.done("kubesim what-if 'drain node-2'");
  });

  it("plans capacity", async () => {
    await choose("Plan capacity");
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "c", image: "i" }] },
    };
    const file = join(home.path, "plan.json");
    writeFileSync(file, JSON.stringify(pod));
    await menu.answer("What is to be held", file);
    await menu.enter("What a node has");
    await menu.see("1 pod needs 1 node or more");
    await menu.done(`kubesim plan --pods ${file}`);
  });

  it("simulates by Enter alone, and compares strategies", async () => {
    await menu.choose("Simulate and replay");
    await choose("Simulate a workload");
    await menu.enter("Nodes of one shape");
    await menu.enter("Pods by chance");
    await menu.enter("How long they run");
    await menu.enter("Strategies to compare");
    await menu.enter("How long");
    await menu.see("One seed only");
    const flags = "--node count=5,cpu=8 --generate poisson:0.05 --pod-duration exponential:5m";
    await menu.done(`kubesim simulate ${flags} --strategy first-fit,best-fit,worst-fit --duration 1h`);
  });

  it("records the cluster, and plays the recording until q", async () => {
    await menu.choose("Simulate and replay");
    await choose("Record the cluster");
    const file = join(home.path, "live.jsonl");
    await menu.answer("Where the recording goes", file);
    await menu.answer("How long", "1s");
    await menu.done(`kubesim record ${file} --duration 1s`);
    await menu.choose("Simulate and replay");
    await choose("Replay a recording");
    await menu.answer("File of simulate --record", file);
    await menu.see(/playing|at the end/);
    menu.terminal.type("q");
    await menu.done(`kubesim replay ${file}`);
  });

  it.each([
    ["Show the time", "clock in real time"],
    ["Let time pass", "lives in real time"],
    ["Go to the next event", "lives in real time"],
    ["Let time run", "lives in real time"],
    ["Hold time", "lives in real time"],
  ])("The cluster's time: %s", async (label, seen) => {
    await menu.choose("The cluster's time");
    await choose(label);
    if (label === "Let time pass") await menu.answer("How far", "5m");
    if (label === "Let time run") await menu.enter("Virtual seconds per second");
    await menu.see(seen);
    await menu.see(PROMPT);
  });

  it("loads files", async () => {
    const file = join(home.path, "more.yaml");
    writeFileSync(file, "apiVersion: v1\nkind: Namespace\nmetadata: {name: more}\n");
    await choose("Load files");
    await menu.answer("Files", file);
    await menu.see("created 1 namespace");
    await menu.done(`kubesim load ${file}`);
  });

  it.each([
    ["Describe a node", "Capacity:", "kubesim nodes describe node-1"],
    ["Cordon a node", "node/node-1 cordoned", "kubesim nodes cordon node-1"],
    ["Uncordon a node", "node/node-1 uncordoned", "kubesim nodes uncordon node-1"],
    ["Drain a node", "node/node-1 drained", "kubesim nodes drain node-1"],
  ])("More about nodes: %s", async (label, seen, line) => {
    await menu.choose("More about nodes");
    await choose(label);
    await menu.enter(/Nodes?/);
    await menu.see(seen);
    await menu.done(line);
  });

  it("removes a node, once that is confirmed", async () => {
    await menu.choose("More about nodes");
    await choose("Remove a node");
    await menu.enter("Nodes");
    await menu.answer("Also when pods run there", "y");
    await menu.see("node/node-1 removed");
    await menu.done("kubesim nodes remove node-1 --force");
    // Its pods start elsewhere.
    await until(async () => (await home.run(["pods", "logs", "pod-1"])).code === 0);
  });

  it.each([
    ["Describe a pod", "Containers:", "kubesim pods describe pod-1"],
    ["Logs of a pod", 'msg="ready"', "kubesim pods logs pod-1"],
    ["Delete a pod", "pod/pod-1 deleted", "kubesim pods delete pod-1"],
  ])("More about pods: %s", async (label, seen, line) => {
    await menu.choose("More about pods");
    await choose(label);
    await menu.enter(/Pods?/);
    await menu.see(seen);
    await menu.done(line);
  });

  it("More about pods: a shell, whose end leads back to the menu", async () => {
    await menu.choose("More about pods");
    await choose("Open a shell in a pod");
    await menu.enter("Pod");
    await menu.see("/ # ");
    menu.terminal.type("exit 3\r");
    await menu.see(PROMPT);
  });

  it.each([
    ["Heal what chaos left", "There was nothing to heal"],
    ["Report on a chaos run", "INVARIANTS"],
  ])("More about chaos: %s", async (label, seen) => {
    await menu.choose("More about chaos");
    await choose(label);
    if (label.startsWith("Report")) await menu.enter("Id of a run");
    await menu.see(seen);
    await menu.see(PROMPT);
  });

  it.each([
    ["Server status", "Running"],
    ["The server's log", "cluster is up"],
    ["Stop the server", "stopped"],
    ["Start the server", "started"],
  ])("Server: %s", async (label, seen) => {
    await menu.choose("Server");
    await choose(label);
    await menu.see(seen);
    await menu.see(PROMPT);
  });

  it("steps back by Esc from a question, and from a submenu", async () => {
    await menu.choose("Launch pods");
    await menu.see("Name");
    menu.mark();
    menu.terminal.type(Key.escape);
    await menu.see(PROMPT);
    await menu.choose("More about pods");
    await menu.see("Describe a pod");
    menu.mark();
    menu.terminal.type(Key.escape);
    await menu.see(PROMPT);
  });

  it("has tried every entry that there is", () => {
    const all = menuItems(COMMANDS).flatMap((item) =>
      item.kind === "command" ? [item.label] : item.commands.map((command) => command.menu?.label ?? ""),
    );
    expect([...tried].sort()).toEqual(all.sort());
  });

  it("leaves with 0 by its last entry, and gives the cursor back", async () => {
    await menu.choose("Leave");
    expect(await menu.terminal.ended).toBe(0);
    expect(menu.terminal.cursorShown).toBe(true);
  });
});

describe("leaving the menu", () => {
  const home = new Home();
  afterAll(() => home.remove());
  const open = async (): Promise<TerminalProgram> => {
    const terminal = new TerminalProgram([], home.env);
    await terminal.waitFor(PROMPT);
    await terminal.pause(100);
    return terminal;
  };

  it("by Ctrl-C ends with 130, without a stack", async () => {
    const terminal = await open();
    terminal.type(Key.ctrlC);
    expect(await terminal.ended).toBe(130);
    expect(terminal.text()).not.toMatch(/Error|at .*\.js/);
    expect(terminal.cursorShown).toBe(true);
  });

  it("by Ctrl-C in the middle of a question ends with 130 and has done nothing", async () => {
    const terminal = await open();
    terminal.type(`${Key.down}${Key.enter}`);
    await terminal.waitFor("Name");
    terminal.type(Key.ctrlC);
    expect(await terminal.ended).toBe(130);
    expect(terminal.text()).not.toMatch(/created|at .*\.js/);
  });

  it("by Esc ends with 0", async () => {
    const terminal = await open();
    terminal.type(Key.escape);
    expect(await terminal.ended).toBe(0);
  });

  it("by the end of the input in the middle of a question says so and ends with 1", async () => {
    const terminal = await open();
    terminal.type(`${Key.down}${Key.enter}`);
    await terminal.waitFor("Name");
    terminal.type(Key.ctrlD);
    expect(await terminal.ended).toBe(1);
    await terminal.see("error: The input ended in the middle of a question");
    await terminal.see("hint: ");
  });

  it("by closing the window ends it", async () => {
    const terminal = await open();
    terminal.hangUp();
    expect(await terminal.ended).not.toBeNull();
  });
});
