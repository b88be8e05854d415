import { describe, expect, it } from "vitest";
import { type Job, jobs } from "./job.ts";

const TEMPLATE = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "work:1" }] } };

function job(spec: object): Job {
  const given = { metadata: { name: "work", namespace: "default" }, spec: { template: TEMPLATE, ...spec } };
  return jobs.setDefaults?.(given as unknown as Job) as Job;
}

function faults(spec: object, old?: object): string[] {
  const errors = jobs.validate?.(job(spec), old && job(old)) ?? [];
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

describe("a Job", () => {
  it("is one pod with six tries, unless it says otherwise; with parallelism alone it is a work queue", () => {
    expect(job({}).spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: "NonIndexed",
      suspend: false,
      podReplacementPolicy: "TerminatingOrFailed",
    });
    expect(job({ parallelism: 3 }).spec.completions).toBeUndefined();
  });

  it("selects its pods by its own uid, unless it brings a selector", () => {
    const own = jobs.withUid?.(job({}), "u-1").spec;
    expect(own?.selector).toEqual({ matchLabels: { "batch.kubernetes.io/controller-uid": "u-1" } });
    expect(own?.template.metadata?.labels).toEqual({
      "batch.kubernetes.io/controller-uid": "u-1",
      "batch.kubernetes.io/job-name": "work",
      "controller-uid": "u-1",
      "job-name": "work",
    });
    const manual = job({ manualSelector: true, selector: { matchLabels: { a: "b" } } });
    expect(jobs.withUid?.(manual, "u-1")).toBe(manual);
    expect(faults({ manualSelector: true })).toEqual(["spec.selector: Required value"]);
  });

  it("keeps what it is made of", () => {
    expect(faults({ completions: 2 }, { completions: 1 })).toEqual([
      "spec.completions: Invalid value: 2: field is immutable",
    ]);
    const indexed = { completionMode: "Indexed", completions: 2, parallelism: 2 };
    expect(faults({ ...indexed, completions: 3, parallelism: 3 }, indexed)).toEqual([]);
    const other = { spec: { ...TEMPLATE.spec, containers: [{ name: "main", image: "work:2" }] } };
    expect(faults({ template: other }, {})[0]).toMatch(
      /^spec.template: Invalid value: .*: field is immutable$/,
    );
    const placed = { spec: { ...TEMPLATE.spec, nodeSelector: { zone: "a" } } };
    expect(faults({ template: placed }, {})).toHaveLength(1);
    expect(faults({ template: placed }, { suspend: true })).toEqual([]);
  });

  it("says how it is going in one word", () => {
    const text = (status: object, deletionTimestamp?: string) => {
      const column = jobs.columns.find(({ name }) => name === "Status");
      const { metadata, ...rest } = job({});
      return column?.cell(
        { ...rest, metadata: { ...metadata, ...(deletionTimestamp && { deletionTimestamp }) }, status },
        0,
      );
    };
    const is = (type: string) => ({ conditions: [{ type, status: "True" as const }] });
    expect([
      text(is("Complete")),
      text(is("Failed")),
      text(is("Suspended")),
      text(is("FailureTarget")),
    ]).toEqual(["Complete", "Failed", "Suspended", "FailureTarget"]);
    expect([text({}), text({}, "2025-01-01T00:00:00Z")]).toEqual(["Running", "Terminating"]);
  });
});
