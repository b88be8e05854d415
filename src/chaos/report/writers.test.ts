import { describe, expect, it } from "vitest";
import { digestOf, EventLogError, eventsAsLines, readEventLog } from "../event-log.ts";
import { reportAsHtml } from "./html.ts";
import { reportAsJunit } from "./junit.ts";
import { makeReport } from "./make-report.ts";
import { reportAsMarkdown } from "./markdown.ts";
import { RunUnderTest } from "./run-under-test.ts";
import { reportAsText } from "./text.ts";
import { REPORT_WRITERS } from "./writers.ts";

const PAYLOADS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '" onfocus="alert(1)" autofocus="',
  "</title><script>alert(1)</script>",
  "</style><script>alert(1)</script>",
  "<!--<script>alert(1)</script>-->",
  "]]><script>alert(1)</script>",
  "javascript:alert(1)",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "<a href='javascript:alert(1)'>x</a>",
  "<math><mi xlink:href='data:x,<script>alert(1)</script>'>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&#60;script&#62;",
  "\u0000<script>alert(1)</script>",
  "\u2028<script>alert(1)</script>",
  "<details open ontoggle=alert(1)>",
  "<meta http-equiv=refresh content='0;url=//evil'>",
  "<link rel=stylesheet href=//evil>",
  "\uD800<b>",
];

/** A run in which the text stands wherever a text of the cluster can stand. */
function runWith(text: string): RunUnderTest {
  return new RunUnderTest({ seed: "7", steady: ["running>=95%"] })
    .node(text)
    .pod(text, "p1", text)
    .at(0, { type: "phase", phase: "chaos" })
    .tick(0, 0)
    .fail(0, text, text, text, text)
    .at(1_000, { type: "node-not-ready", node: text, reason: text })
    .at(1_000, { type: "pod-evicted", pod: text, uid: "p1", node: text })
    .at(2_000, { type: "check", condition: "running>=95%", moment: "tick", holds: false, value: 1 })
    .at(9_000, { type: "run-ended", status: "failed", reason: text, healed: false });
}

/** Start tags of a page, by name, with the names of their attributes. */
function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<\/?([a-zA-Z!][^\s/>]*)/g)].map((match) => (match[1] as string).toLowerCase());
}

const PLAIN = new Set([
  ..."!doctype html head meta title style body main h1 h2 p div strong span table tr th td svg rect path line".split(
    " ",
  ),
  "text",
]);

describe("report.html", () => {
  it.each(PAYLOADS)("keeps names inert: %j", (payload) => {
    const page = reportAsHtml(makeReport(runWith(payload).events));
    expect(tagsOf(page).filter((tag) => !PLAIN.has(tag))).toEqual([]);
    expect(page.match(/<[^>]*\son\w+\s*=/gi)).toBeNull();
    const harmless = reportAsHtml(makeReport(runWith("node-1").events));
    for (const once of ["<title", "</title", "<style", "</style", "<meta"]) {
      expect(page.split(once).length, once).toBe(harmless.split(once).length);
    }
    expect(page).not.toContain(payload.includes("<") ? payload : "\u0000");
  });

  it("needs nothing but itself and lets nothing run", () => {
    const page = reportAsHtml(makeReport(runWith("node-1").events));
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bhref=|\bsrc=|url\(|@import/i);
    const addresses = page.match(/https?:\/\/[^\s"'<]+/g) ?? [];
    expect(new Set(addresses)).toEqual(new Set(["http://www.w3.org/2000/svg"]));
    expect(page).toContain("prefers-color-scheme: dark");
  });

  it("says what happened in words and shows each node", () => {
    const page = reportAsHtml(makeReport(runWith("node-1").events));
    expect(page).toContain("1 node failed 0 times");
    expect(page).toContain("node-1: down, not noticed, 0ms to 1s");
    expect(page).toContain("Faults are left: run kubesim chaos heal.");
  });
});

describe("junit.xml", () => {
  const failures = (xml: string) =>
    [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^/]*>\s*<failure/g)].map(
      (match) => match[2],
    );

  it("has exactly the failing case, and the seed", () => {
    const steady = ["running>=95%", "down<=3", "warning: pending==0"];
    const check = { type: "check", moment: "tick" } as const;
    const run = new RunUnderTest({ steady }).node("a").at(0, { type: "phase", phase: "chaos" });
    run.at(1_000, { ...check, condition: "running>=95%", holds: true, value: 100 });
    run.at(1_000, { ...check, condition: "down<=3", holds: false, value: 4 });
    run.at(9_000, { type: "run-ended", status: "completed", healed: true });
    const xml = reportAsJunit(makeReport(run.events));
    expect(failures(xml)).toEqual(["down&lt;=3"]);
    expect(xml).toContain('tests="7" failures="1" errors="0" skipped="0" time="9.000"');
    expect(xml).toContain("<system-out>seed 7");
    expect(xml).toContain("first at 1000 ms, worst 4");
  });

  it("has a case per invariant, and one for the run", () => {
    const run = new RunUnderTest({})
      .node("a")
      .pod("p", "p1", "a", 5_000)
      .at(0, { type: "phase", phase: "chaos" });
    run.at(2_000, { type: "run-ended", status: "failed", reason: "server away", healed: false });
    expect(failures(reportAsJunit(makeReport(run.events)))).toEqual(["ends and heals", "no-overcommit"]);
  });

  it.each(PAYLOADS)("is well-formed whatever names hold: %j", (payload) => {
    const xml = reportAsJunit(makeReport(runWith(payload).events));
    const allowed = new Set(["testsuites", "testsuite", "testcase", "failure", "system-out", "?xml"]);
    expect([...xml.matchAll(/<\/?([^\s/>]+)/g)].filter((match) => !allowed.has(match[1] as string))).toEqual(
      [],
    );
    expect(xml.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
    expect([...xml].some((character) => character < " " && character !== "\n")).toBe(false);
  });
});

describe("the other forms", () => {
  const run = runWith("node-1");
  const report = makeReport(run.events);

  it("Markdown lets neither markup nor tables through", () => {
    const text = reportAsMarkdown(makeReport(runWith("a|b`c*<b>").events));
    expect(text).toContain("a\\|b\\`c\\*&lt;b&gt;");
    for (const row of text.split("\n").filter((line) => line.startsWith("| "))) {
      expect(row.replaceAll("\\|", "").split("|")).toHaveLength(5);
    }
  });

  it("text has columns and no control characters but newlines", () => {
    const text = reportAsText(report);
    expect(text).toContain("MTTD");
    expect(text).toContain("1s  p50 1s, p95 1s, max 1s, of 1");
    expect(reportAsText(makeReport(runWith("\u001B[31mred\u0007").events))).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it("JSON is the report, schema version first", () => {
    const text = REPORT_WRITERS.json?.write(report) ?? "";
    expect(text.startsWith('{\n  "schemaVersion": 1')).toBe(true);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it("every writer names its file and writes something", () => {
    expect(Object.values(REPORT_WRITERS).map(({ fileName }) => fileName)).toEqual([
      "report.json",
      "report.html",
      "junit.xml",
      "report.md",
    ]);
    for (const { write } of Object.values(REPORT_WRITERS)) expect(write(report).length).toBeGreaterThan(200);
  });
});

describe("run.jsonl", () => {
  const { events } = runWith("node-1");
  const text = eventsAsLines(events);

  it("is read as it was written, and has one digest per history", () => {
    expect(readEventLog(text)).toEqual(events);
    expect(digestOf(readEventLog(text))).toBe(digestOf(events));
    expect(digestOf(events.slice(1))).not.toBe(digestOf(events));
  });

  it("of a killed writer is read up to its last whole line", () => {
    expect(readEventLog(text.slice(0, -5))).toEqual(events.slice(0, -1));
  });

  it.each([
    ["", 1, "holds no events"],
    ["{}\n", 1, "no chaos event"],
    ["null\n", 1, "no chaos event"],
    [`${text}oops\n`, events.length + 1, "not JSON"],
    [text.slice(text.indexOf("\n") + 1), 1, "run-started"],
    [text.replace('"schemaVersion":1', '"schemaVersion":2'), 1, "schema version 2"],
  ])("that is broken is refused with its line", (broken, line, words) => {
    const read = () => readEventLog(broken);
    expect(read).toThrow(EventLogError);
    expect(read).toThrow(expect.objectContaining({ line, message: expect.stringContaining(words) }));
  });
});
