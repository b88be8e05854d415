import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";
import { Key, TerminalProgram } from "./terminal.ts";

const ALTERNATE = { on: "\u001b[?1049h", off: "\u001b[?1049l" };
const RIGHT = "\u001b[C";
const LEFT = "\u001b[D";

describe("the player in a real terminal", () => {
  const home = new Home();
  beforeAll(async () => {
    await home.succeed([
      ...["simulate", "--node", "count=3,cpu=8", "--generate", "constant:0.1", "--pod-count", "10"],
      ...["--event", "at 10m crash node-2", "--event", "at 20m heal all", "--duration", "1h"],
      ...["--record", "run.jsonl"],
    ]);
  });
  afterAll(() => home.remove([]));
  const open = (columns = 100, rows = 30) =>
    new TerminalProgram(["replay", `${home.path}/run.jsonl`], home.env, columns, rows);

  it("plays, pauses, steps, seeks and gives the terminal back", async () => {
    const player = open();
    await player.see("playing · 200x");
    player.type(" ");
    await player.see("paused");
    player.type("g");
    await player.see("t+00:00:00 of 1h");
    player.type("t");
    await player.see("go to");
    player.type("10m\r");
    await player.see("t+00:10:00 of 1h");
    await player.see(/node-2 +Ready, node-crash/);
    await player.see("nodes up 2/3, ready 3/3 · pods running 10");
    player.type(RIGHT);
    await player.see(/node-2 +NotReady, node-crash/);
    player.type(LEFT);
    await player.see(/node-2 +Ready, node-crash/);
    player.type("]");
    await player.see("t+00:16:00");
    player.type("+");
    await player.see("500x");
    player.type("G");
    await player.see("at the end");
    player.type("q");
    expect(await player.ended).toBe(0);
    expect(player.raw.lastIndexOf(ALTERNATE.off)).toBeGreaterThan(player.raw.lastIndexOf(ALTERNATE.on));
    expect(player.cursorShown).toBe(true);
  });

  it("ends with 130 on Ctrl-C, with the terminal as it was", async () => {
    const player = open();
    await player.see("playing");
    player.type(Key.ctrlC);
    expect(await player.ended).toBe(130);
    expect(player.raw).toContain(ALTERNATE.off);
    expect(player.cursorShown).toBe(true);
  });

  it("follows the size of its window, and says when it is too small", async () => {
    const player = open();
    await player.see("node-3");
    player.resize(50, 12);
    await player.see("The player needs 60 x 15 characters");
    player.resize(100, 30);
    await player.see("node-3");
    player.type("q");
    expect(await player.ended).toBe(0);
  });
});
