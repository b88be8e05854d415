import { expect, it } from "vitest";
import { commandOf, failureIn, isEndless, sleepIn } from "./command-hints.ts";

it("finds how long a command sleeps", () => {
  expect(sleepIn(commandOf({ name: "c", command: ["sleep", "5"] }))).toBe(5_000);
  expect(
    sleepIn(commandOf({ name: "c", command: ["sh", "-c"], args: ["echo a; sleep 1.5 && echo b"] })),
  ).toBe(1_500);
  expect(sleepIn("until nslookup db; do sleep 2; done")).toBe(2_000);
  for (const other of ["sleep", "sleep infinity", "sleepy 5", "sleep 5m", "oversleep 3", ""]) {
    expect(sleepIn(other), other).toBeUndefined();
  }
});

it("finds the code that a command says it ends with", () => {
  expect(failureIn("exit 3")).toBe(3);
  expect(failureIn("sh -c sleep 1; exit 42")).toBe(42);
  expect(failureIn("/bin/false")).toBe(1);
  expect(failureIn("echo a && false")).toBe(1);
  for (const good of ["exit 0", "true", "false; true", "exit 1; echo never", "echo exit 12x", ""]) {
    expect(failureIn(good), good).toBe(0);
  }
});

it("knows commands that go on until they are stopped", () => {
  for (const endless of ["sleep infinity", "tail -f /dev/null", "sh -c while :; do sleep 5; done"]) {
    expect(isEndless(endless), endless).toBe(true);
  }
  expect(isEndless("perl -Mbignum=bpi -wle print bpi(2000)")).toBe(false);
});
