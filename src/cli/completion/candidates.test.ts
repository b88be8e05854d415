import { describe, expect, it } from "vitest";
import { COMMANDS } from "../registry.ts";
import { completionsFor } from "./candidates.ts";

const values = (...typed: string[]): string[] =>
  completionsFor(COMMANDS, typed).candidates.map(({ value }) => value);

describe("completionsFor", () => {
  it("nothing typed: every noun once, nothing hidden", () => {
    const found = values("");
    expect(found).toContain("nodes");
    expect(found.filter((value) => value === "nodes")).toHaveLength(1);
    expect(found).not.toContain("__complete");
  });

  it("a noun: its verbs; a command with subcommands: those", () => {
    expect(values("nodes", "")).toContain("drain");
    expect(values("chaos", "")).toEqual(["heal", "report"]);
  });

  it("a dash: the flags that are not used yet, and those of every command", () => {
    const found = values("nodes", "add", "--cpu", "4", "--label", "a=b", "-");
    expect(found).not.toContain("--cpu");
    expect(found).toContain("--label");
    expect(found).toContain("--memory");
    expect(found).toContain("--cluster");
  });

  it("a flag's value, apart or behind =, also as bash splits it", () => {
    expect(values("pods", "list", "-o", "")).toContain("json");
    expect(values("pods", "list", "--output=")).toContain("--output=json");
    expect(values("pods", "list", "--output", "=", "j")).toContain("--output=json");
    expect(values("nodes", "kill", "node-1", "--fault", "")).toEqual(["crash", "hang"]);
  });

  it("an argument: where its values come from; each word of a variadic one", () => {
    expect(completionsFor(COMMANDS, ["nodes", "drain", ""]).source).toBe("nodes");
    expect(completionsFor(COMMANDS, ["nodes", "drain", "node-1", ""]).source).toBe("nodes");
    expect(completionsFor(COMMANDS, ["-n", "dev", "explain", "pod", ""]).source).toBe("pods");
    expect(completionsFor(COMMANDS, ["explain", "pod", "pod-1", ""]).source).toBeUndefined();
    expect(completionsFor(COMMANDS, ["load", ""]).source).toBe("files");
    expect(values("completion", "")).toEqual(["bash", "zsh", "fish", "powershell"]);
  });
});
