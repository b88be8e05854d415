import { expect, it } from "vitest";
import { foreseenRun } from "./foreseen-run.ts";

const env = [
  { name: "WHO", value: "you" },
  { name: "ALL", value: "$(WHO) all" },
  { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
];
const foreseen = (...command: string[]) =>
  foreseenRun({ name: "c", command, env }, Date.parse("2025-01-01T00:00:00Z"));
const inShell = (script: string) => foreseen("/bin/sh", "-c", script);

it("foresees how long a command sleeps, and the code it ends with", () => {
  expect(foreseen("sleep", "5")).toEqual({ durationMs: 5_000, exitCode: 0, output: [] });
  expect(foreseen("/bin/sleep", "1m", "1.5s")?.durationMs).toBe(61_500);
  expect(foreseen("false")?.exitCode).toBe(1);
  expect(inShell("sleep 2; exit 3")).toEqual({ durationMs: 2_000, exitCode: 3, output: [] });
  expect(inShell("true && sleep 5 && false || exit 7; echo never")).toEqual({
    durationMs: 5_000,
    exitCode: 7,
    output: [],
  });
  expect(inShell("false && sleep 9; exit")?.durationMs).toBe(0);
});

it("foresees what it writes, and when", () => {
  expect(foreseen("echo", "$(WHO)", "$(ALL)")?.output).toEqual([{ atMs: 0, text: "you you all" }]);
  expect(foreseen("echo", "hello", "world")?.output).toEqual([{ atMs: 0, text: "hello world" }]);
  expect(
    inShell("date; echo Hello from the Kubernetes cluster\nsleep 3\necho 'a; b' \"for $WHO\" $WHO")?.output,
  ).toEqual([
    { atMs: 0, text: "Wed Jan  1 00:00:00 UTC 2025" },
    { atMs: 0, text: "Hello from the Kubernetes cluster" },
    { atMs: 3_000, text: "a; b for you you" },
  ]);
});

it("says nothing of what it does not understand to the last word", () => {
  for (const script of [
    "echo $(date)",
    "while true; do sleep 1; done",
    "sleep 1 & wait",
    "cat /etc/hosts",
    "echo a | cat",
    "echo $NODE",
    'echo "from $HOSTNAME"',
  ]) {
    expect(inShell(script), script).toBeUndefined();
  }
  for (const command of [
    ["sleep"],
    ["echo", "$(NODE)"],
    ["sh", "-ec", "false; sleep 5"],
    ["sleep", "infinity"],
    ["sh"],
    ["perl", "-e", "1"],
    [],
  ]) {
    expect(foreseen(...command), command.join(" ")).toBeUndefined();
  }
});
