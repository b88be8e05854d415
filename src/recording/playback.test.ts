import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ChaosEvent, ChaosHappening } from "../chaos/events.ts";
import { createRandom } from "../lib/random.ts";
import { RECORDING_VERSION, type RecordingHeader } from "./line.ts";
import { Playback } from "./playback.ts";
import { RecordingFile } from "./recording-file.ts";
import { RecordingWriter } from "./recording-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "kubesim-recording-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER: RecordingHeader = {
  recording: "header",
  version: RECORDING_VERSION,
  kubesim: "1",
  source: "simulate",
  seed: "1",
  strategy: "first-fit",
  startTime: "2025-01-01T00:00:00.000Z",
};

/** A long history of nodes that fail and pods that come, run, are evicted and go. */
function* history(events: number): Generator<ChaosEvent, void, undefined> {
  const random = createRandom("playback");
  const stamp = (t: number, happening: ChaosHappening): ChaosEvent => ({ t, at: "", ...happening });
  yield stamp(0, { type: "phase", phase: "chaos" });
  for (let node = 0; node < 20; node++) {
    yield stamp(0, {
      type: "node-added",
      node: `n${node}`,
      inScope: true,
      allocatable: { cpu: 8_000 },
      ready: true,
    });
  }
  const faulty = new Set<string>();
  const pods: { readonly pod: string; readonly uid: string; isBound: boolean }[] = [];
  for (let at = 0; at < events; at++) {
    yield stamp(Math.floor(at / 3) * 10, next(at));
  }

  function next(at: number): ChaosHappening {
    const node = `n${random.below(20)}`;
    const index = random.below(300);
    const about = pods[index];
    if (about === undefined) {
      const added = { pod: `default/p${at}`, uid: `u${at}` };
      pods.push({ ...added, isBound: false });
      return { type: "pod-added", ...added, phase: "Pending", requests: { cpu: 100 }, rescheduled: true };
    }
    const { pod, uid, isBound } = about;
    const roll = random.below(10);
    if (roll < 2) return { type: roll === 0 ? "node-not-ready" : "node-ready", node, reason: "" };
    if (roll === 2) {
      if (faulty.delete(node)) return { type: "node-healed", id: node, node, cause: "recovered" };
      faulty.add(node);
      return { type: "fault-injected", id: node, node, fault: "node-hang", origin: "x", losesPods: false };
    }
    if (roll < 5) {
      pods.splice(index, 1);
      return { type: "pod-removed", pod, uid };
    }
    if (roll === 5) return { type: "pod-phase", pod, uid, phase: "Succeeded" };
    if (isBound) return { type: "pod-running", pod, uid, node };
    about.isBound = true;
    return { type: "pod-bound", pod, uid, node };
  }
}

function write(name: string, events: Iterable<ChaosEvent>): string {
  const path = join(folder, name);
  let text = "";
  const writer = new RecordingWriter(HEADER, (piece) => {
    text += piece;
  });
  for (const event of events) writer.event(event);
  writer.end();
  writeFileSync(path, text);
  return path;
}

/** All that a viewer can see. */
function seen({ ledger, positionMs, events, recent }: Playback) {
  const nodes = [...ledger.nodes.values()].map(({ name, ready, faults, used, pods }) => [
    name,
    ready,
    [...faults.keys()],
    used.get("cpu") ?? 0,
    [...pods].map(({ uid, phase }) => `${uid} ${phase}`).sort(),
  ]);
  const { nodes: count, up, ready, running, pending } = ledger.counts;
  return { positionMs, events, nodes, counts: { count, up, ready, running, pending }, last: recent.at(-1) };
}

describe("a playback", () => {
  const file = new RecordingFile(write("long.jsonl", history(15_000)));
  afterAll(() => file.close());

  it("shows the same at a time, whichever way it came there", () => {
    const random = createRandom("seeks");
    const wandering = new Playback(file);
    wandering.seek(file.durationMs);
    for (let visit = 0; visit < 10; visit++) {
      const t = random.below(file.durationMs);
      wandering.seek(t);
      const straight = new Playback(file);
      straight.seek(t);
      expect(seen(wandering), `at ${t}`).toEqual(seen(straight));
    }
  });

  it("steps from instant to instant, and back by the same way", () => {
    const playback = new Playback(file);
    playback.seek(45_005);
    const there: ReturnType<typeof seen>[] = [];
    for (let step = 0; step < 5; step++) {
      playback.step();
      there.push(seen(playback));
    }
    expect(there.map(({ positionMs }) => positionMs)).toEqual([45_010, 45_020, 45_030, 45_040, 45_050]);
    for (const place of there.slice(0, -1).reverse()) {
      playback.stepBack();
      expect(seen(playback)).toEqual(place);
    }
    playback.seek(0);
    expect(playback.stepBack()).toBe(false);
  });

  it("knows a file that was cut off, and reads what there is", () => {
    const whole = write("whole.jsonl", history(500));
    const cut = join(folder, "cut.jsonl");
    const lines = [...new RecordingFile(whole).lines()].map(({ place }) => place.text);
    writeFileSync(cut, `${lines.slice(0, 300).join("\n")}\n${lines[300]?.slice(0, 20)}`);
    const found = new RecordingFile(cut);
    expect(found.isComplete).toBe(false);
    const playback = new Playback(found);
    playback.seek(found.durationMs);
    expect([playback.events, playback.isAtEnd]).toEqual([299, true]);
    expect(new RecordingFile(whole).isComplete).toBe(true);
  });

  it.each([
    ["", "1: is no recording"],
    ["[1]\n", "1: is no recording"],
    ['{"t":1,"type":"phase"}\n', "1: is no recording: it must begin"],
    ['{"recording":"end","t":1}\n', "1: is no recording's header"],
    [
      '{"recording":"header","version":1,"kubesim":"9"}\n',
      "1: has version 1 of the format, this kubesim reads 2",
    ],
  ])("refuses %j", (text, problem) => {
    const path = join(folder, "bad.jsonl");
    writeFileSync(path, text);
    expect(() => new RecordingFile(path)).toThrow(`bad.jsonl:${problem}`);
  });

  it("names a damaged line", () => {
    const path = join(folder, "damaged.jsonl");
    writeFileSync(
      path,
      `${JSON.stringify(HEADER)}\n{"t":0,"at":"","type":"phase"}\n{]\n{"t":2,"at":"","type":"phase"}\n`,
    );
    const playback = new Playback(new RecordingFile(path));
    expect(() => playback.seek(2)).toThrow("damaged.jsonl:3: is no line of a recording");
  });
});
