import { expect, it } from "vitest";
import { foreseenRun, isEndless } from "./foreseen-run.ts";

const env = [{ name: "WHO", value: "you" }];
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
  ]) {
    expect(inShell(script), script).toBeUndefined();
  }
  for (const command of [["sleep"], ["sleep", "infinity"], ["sh"], ["perl", "-e", "1"], []]) {
    expect(foreseen(...command), command.join(" ")).toBeUndefined();
  }
});

it("knows commands that go on until they are stopped", () => {
  const isOf = (...command: string[]) => isEndless({ name: "c", command });
  expect(isOf("sleep", "infinity")).toBe(true);
  expect(isOf("tail", "-f", "/dev/null")).toBe(true);
  expect(isOf("sh", "-c", "while :; do sleep 5; done")).toBe(true);
  expect(isOf("perl", "-Mbignum=bpi", "-wle", "print bpi(2000)")).toBe(false);
});
