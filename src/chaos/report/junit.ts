import { escapeMarkup } from "./markup.ts";
import type { ChaosReport } from "./report.ts";
import { verdictInWords } from "./words.ts";

interface TestCase {
  readonly group: string;
  readonly name: string;
  readonly failure: string | undefined;
}

/** The report for continuous integration: one test case per steady condition and per invariant, and one for the run. */
export function reportAsJunit(report: ChaosReport): string {
  const cases = casesOf(report);
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const seconds = (report.run.durationMs / 1_000).toFixed(3);
  const totals = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds}"`;
  const { runId, seed, startedAt } = report.run;
  const timestamp = escapeMarkup(startedAt.replace(/\.\d+Z$/, "Z"));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kubesim chaos" ${totals}>`,
    `  <testsuite name="chaos ${escapeMarkup(runId)}" timestamp="${timestamp}" ${totals}>`,
    ...cases.map((testCase) => caseAsXml(testCase)),
    `    <system-out>${escapeMarkup(`seed ${seed}\nrun ${runId}\n${verdictInWords(report)}\n`)}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function casesOf(report: ChaosReport): readonly TestCase[] {
  const { run, checks, invariants } = report;
  const unfinished = run.status === "failed" || run.status === "unfinished" || !run.healed;
  return [
    { group: "run", name: "ends and heals", failure: unfinished ? verdictInWords(report) : undefined },
    ...checks.map(({ condition, held, failures, passes, worstValue, firstFailureMs }) => ({
      group: "steady state",
      name: condition,
      failure: held
        ? undefined
        : `${failures} of ${failures + passes} checks failed, first at ${firstFailureMs} ms, worst ${worstValue}`,
    })),
    ...invariants.map(({ name, value, unit, holds, summary }) => ({
      group: "invariant",
      name,
      failure: holds ? undefined : `${summary}: ${value} ${unit}`,
    })),
  ];
}

function caseAsXml({ group, name, failure }: TestCase): string {
  const open = `    <testcase classname="${escapeMarkup(`chaos.${group}`)}" name="${escapeMarkup(name)}" time="0"`;
  if (failure === undefined) return `${open}/>`;
  const message = escapeMarkup(failure);
  return `${open}>\n      <failure message="${message}">${message}</failure>\n    </testcase>`;
}
