import { describe, expect, it } from "vitest";
import { type Parsed, type ParseSetting, parseCommandLine } from "./program.ts";
import { COMMANDS } from "./registry.ts";

const parse = (line: string, env: ParseSetting["env"] = {}): Parsed =>
  parseCommandLine(
    line.split(" ").filter((word) => word !== ""),
    {
      commands: COMMANDS,
      version: "1.2.3",
      env,
      bold: (text) => text,
      width: 80,
    },
  );

describe("parseCommandLine", () => {
  it("reads values, defaults and repeated options into the command's input", () => {
    const parsed = parse("nodes add web --cpu 8 --label a=b --label c=d");
    expect(parsed).toMatchObject({
      kind: "run",
      input: {
        name: "web",
        cpu: "8",
        memory: "16Gi",
        count: 1,
        label: [
          ["a", "b"],
          ["c", "d"],
        ],
        taint: [],
      },
    });
  });

  it("takes global options before and behind the command", () => {
    for (const line of [
      "-o json -n dev pods list",
      "pods list --output=json --namespace dev",
      "pods -n dev list -ojson",
    ]) {
      expect(parse(line)).toMatchObject({ globals: { output: "json", namespace: "dev" } });
    }
  });

  it("gives a subcommand its options, also those that the command above it has", () => {
    for (const line of [
      "chaos report run.jsonl --report html --out r",
      "chaos report --out r --report html",
    ]) {
      expect(parse(line)).toMatchObject({
        command: { path: ["chaos", "report"] },
        input: { report: "html", out: "r" },
      });
    }
    expect(() => parse("chaos heal --duration 5")).toThrow('unknown option "--duration"');
    expect(parse("-n dev chaos report -o json")).toMatchObject({
      globals: { namespace: "dev", output: "json" },
    });
    expect(parse("chaos --report html --duration 5")).toMatchObject({ command: { path: ["chaos"] } });
  });

  it("a flag wins over its variable, the variable over the default", () => {
    const env = { KUBESIM_NAMESPACE: "env", KUBESIM_OUTPUT: "" };
    expect(parse("pods list", env)).toMatchObject({
      globals: { namespace: "env", output: "table", headers: true },
    });
    expect(parse("pods list -n flag --no-headers", env)).toMatchObject({
      globals: { namespace: "flag", headers: false },
    });
    expect(() => parse("pods list", { KUBESIM_OUTPUT: "jsn" })).toThrow('KUBESIM_OUTPUT "jsn" is not one of');
  });

  it("nothing at all, or global options alone, is bare", () => {
    expect(parse("")).toMatchObject({ kind: "bare" });
    expect(parse("--cluster other")).toMatchObject({ kind: "bare", globals: { cluster: "other" } });
  });

  it("a noun alone shows its verbs, --version the version", () => {
    expect(parse("nodes")).toMatchObject({
      kind: "text",
      text: expect.stringContaining("kubesim nodes <command>"),
    });
    expect(parse("--version")).toEqual({ kind: "text", text: "1.2.3\n" });
  });
});

describe("the registry", () => {
  it("has no flag that stands for a global one, too, and no path twice", () => {
    const paths = COMMANDS.map((command) => command.path.join(" "));
    expect(new Set(paths).size).toBe(paths.length);
    const taken = ["-n", "-o", "-y", "--cluster", "--server", "--context", "--color", "--yes", "--verbose"];
    for (const { options = [] } of COMMANDS) {
      for (const { flags } of options)
        expect(flags.split(/[ ,]+/).filter((word) => taken.includes(word))).toEqual([]);
    }
  });

  it("speaks in the imperative, without a full stop", () => {
    for (const { summary, options = [] } of COMMANDS) {
      for (const text of [summary, ...options.map((option) => option.summary)])
        expect(text).not.toMatch(/[.!]$/);
    }
  });
});
