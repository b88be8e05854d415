import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Command } from "../../src/cli/command.ts";
import { Home, type Outcome } from "./program.ts";
import { connectTo, LISTED, setScene, wordsOf } from "./scene.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const ESCAPE = "\u001b";
/** Nobody listens there (the discard port). */
const NOWHERE = "https://127.0.0.1:9";
/** Commands whose example looks at files or at this machine's processes only. */
const LOCAL = new Set(["help", "completion", "chaos report", "demo", "kubeconfig", "plan", "simulate"]);
/** They start, stop or watch processes and take long; other tests have them. */
const ELSEWHERE = new Set(["server start", "server run", "server stop", "demo"]);

const cases = LISTED.filter((command) => !ELSEWHERE.has(nameOf(command))).flatMap((command) => {
  const example = command.examples.find(({ parseOnly }) => parseOnly === undefined);
  return example === undefined ? [] : [{ command, name: nameOf(command), argv: wordsOf(example.line) }];
});

function nameOf(command: Command): string {
  return command.path.join(" ");
}

function expectNoEscapes({ stdout, stderr }: Outcome): void {
  expect(stdout).not.toContain(ESCAPE);
  expect(stderr).not.toContain(ESCAPE);
}

describe("every command in every mode", () => {
  const home = new Home();
  let cluster: Awaited<ReturnType<typeof connectTo>>;
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", "memory"]);
    cluster = await connectTo(home);
  });
  beforeEach(() => setScene(cluster.objects));
  afterAll(async () => {
    await cluster.close();
    await home.remove();
  });

  it("covers nearly all of them", () => {
    expect(cases.length).toBeGreaterThan(25);
  });

  it.each(cases)(
    "$name: into pipes, in CI, 40 columns wide: no colours, no cursor movements, no questions",
    async ({ argv }) => {
      const env = { CI: "1", COLUMNS: "40", TERM: "xterm-256color" };
      const outcome = await home.run(argv, { env, cwd: ROOT });
      expect(outcome.stderr).not.toContain("error:");
      expect(outcome.code).toBe(0);
      expectNoEscapes(outcome);
    },
  );

  const NO_WISH = { NO_COLOR: "1", TERM: "dumb", CLICOLOR_FORCE: "1" };
  const prints = ({ command }: { command: Command }) => command.globals?.includes("output") === true;
  it.each(cases.filter(prints))(
    "$name -o json, NO_COLOR, TERM=dumb: stdout is JSON and nothing else",
    async ({ argv }) => {
      const outcome = await home.run([...argv, "-o", "json"], { env: NO_WISH, cwd: ROOT });
      expect(outcome.code).toBe(0);
      expect(() => JSON.parse(outcome.stdout)).not.toThrow();
      expectNoEscapes(outcome);
    },
  );

  it.each(cases.filter((one) => !prints(one)))(
    "$name, NO_COLOR, TERM=dumb: no colours, whatever CLICOLOR_FORCE says",
    async ({ argv }) => {
      const outcome = await home.run(argv, { env: NO_WISH, cwd: ROOT });
      expect(outcome.code).toBe(0);
      expectNoEscapes(outcome);
    },
  );

  const remote = cases.filter(({ name, command }) => !LOCAL.has(name) && command.path[0] !== "server");
  it.each(remote)("$name: with the server down it says so, exit code 3", async ({ argv }) => {
    // Behind `--` they would be a container's.
    const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
    const there = [...argv.slice(0, end), "--server", NOWHERE, "-o", "json", ...argv.slice(end)];
    const outcome = await home.run(there, { cwd: ROOT });
    expect(outcome.code).toBe(3);
    expect(outcome.stdout).toBe("");
    const { error } = JSON.parse(outcome.stderr) as { error: { message: string; hint: string } };
    expect(error.message).toContain("Couldn't reach the server at https://127.0.0.1:9");
    expect(error.hint).not.toBe("");
  });

  it.each(LISTED.map((command) => ({ name: nameOf(command), command })))(
    "$name --help: on stdout, examples first, exit code 0, fits 40 columns without a break in a word",
    async ({ command }) => {
      const outcome = await home.run([...command.path, "--help"], { env: { COLUMNS: "40" } });
      expect(outcome).toMatchObject({ code: 0, stderr: "" });
      expect(outcome.stdout.startsWith(`${command.summary}\n`)).toBe(true);
      expect(outcome.stdout.indexOf("Examples:")).toBeGreaterThan(0);
      for (const option of command.options ?? []) expect(outcome.stdout).toContain(option.flags);
    },
  );
});
