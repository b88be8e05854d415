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
    expect(faults({ manualSelector: true })).toEqual([
      "spec.selector: Required value",
      "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
    ]);
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

  it("has policies that make sense", () => {
    const policy = (rule: object) => ({ podFailurePolicy: { rules: [rule] } });
    const codes = (more: object) =>
      policy({ action: "Ignore", onExitCodes: { operator: "In", values: [1], ...more } });
    expect(faults(codes({}))).toEqual([]);
    expect(job(codes({})).spec.podReplacementPolicy).toBe("Failed");
    const place = "spec.podFailurePolicy.rules[0]";
    expect(faults(policy({ action: "Ignore" }))).toEqual([
      `${place}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`,
    ]);
    expect(faults(codes({ values: [3, 1, 1, 0], containerName: "other" }))).toEqual([
      `${place}.onExitCodes.containerName: Invalid value: "other": ` +
        "must be one of the container or initContainer names in the pod template",
      `${place}.onExitCodes.values[2]: Duplicate value: 1`,
      `${place}.onExitCodes.values[3]: Invalid value: 0: must not be 0 for the In operator`,
      `${place}.onExitCodes.values: Invalid value: [3,1,1,0]: must be ordered`,
    ]);
    expect(faults({ ...codes({}), podReplacementPolicy: "TerminatingOrFailed" })).toEqual([
      'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
    ]);
    const restarting = { template: { spec: { ...TEMPLATE.spec, restartPolicy: "OnFailure" } } };
    expect(faults({ ...codes({}), ...restarting })).toEqual([
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": ' +
        'only "Never" is supported when podFailurePolicy is specified',
    ]);
    expect(faults({ backoffLimitPerIndex: 1 })).toEqual([
      "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
    ]);
    const indexed = { completionMode: "Indexed", completions: 3 };
    expect(faults({ ...indexed, maxFailedIndexes: 4 })).toEqual([
      "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
      "spec.maxFailedIndexes: Invalid value: 4: must be less than or equal to completions",
    ]);
    const success = (rule: object) => faults({ ...indexed, successPolicy: { rules: [rule] } });
    expect(success({ succeededIndexes: "0,2", succeededCount: 2 })).toEqual([]);
    expect(success({})[0]).toContain("at least one of succeededCount or succeededIndexes must be specified");
    expect(success({ succeededIndexes: "0-1", succeededCount: 3 })[0]).toContain(
      "must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)",
    );
    expect(success({ succeededIndexes: "2-3" })[0]).toContain(
      'error parsing succeededIndexes: too large index: "3"',
    );
    expect(faults({ managedBy: "queue" })[0]).toContain("must be a domain-prefixed path");
    expect(faults({ managedBy: "a.io/x" }, { managedBy: "a.io/y" })).toEqual([
      'spec.managedBy: Invalid value: "a.io/x": field is immutable',
    ]);
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
