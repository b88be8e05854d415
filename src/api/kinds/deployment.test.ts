import { describe, expect, it } from "vitest";
import { type Deployment, deployments } from "./deployment.ts";

const GOOD = {
  selector: { matchLabels: { app: "a" } },
  template: { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "main", image: "web:1" }] } },
};

function deployment(spec: object): Deployment {
  const given = { metadata: { name: "web", namespace: "default" }, spec: { ...GOOD, ...spec } };
  return deployments.setDefaults?.(given as unknown as Deployment) as Deployment;
}

function faults(spec: object): string[] {
  const errors = deployments.validate?.(deployment(spec), undefined) ?? [];
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

describe("a Deployment", () => {
  it("rolls a quarter at a time, remembers ten revisions and has ten minutes, unless it says otherwise", () => {
    expect(deployment({}).spec).toMatchObject({
      replicas: 1,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
    const partly = deployment({ strategy: { rollingUpdate: { maxSurge: 1 } } }).spec.strategy;
    expect(partly).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } });
    expect(deployment({ strategy: { type: "Recreate" } }).spec.strategy).toEqual({ type: "Recreate" });
  });

  it("has a strategy under which something can move", () => {
    const field = "spec.strategy.rollingUpdate";
    const rolling = (rollingUpdate: object) => faults({ strategy: { type: "RollingUpdate", rollingUpdate } });
    expect(rolling({ maxSurge: "0%", maxUnavailable: 0 })).toEqual([
      `${field}.maxUnavailable: Invalid value: 0: may not be 0 when \`maxSurge\` is 0`,
    ]);
    expect(rolling({ maxUnavailable: "101%" })).toEqual([
      `${field}.maxUnavailable: Invalid value: "101%": must not be greater than 100%`,
    ]);
    expect(faults({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } })).toEqual([
      `${field}: Forbidden: may not be specified when strategy \`type\` is 'Recreate'`,
    ]);
    expect(faults({ strategy: { type: "Sideways" } })).toEqual([
      'spec.strategy: Unsupported value: {"Type":"Sideways","RollingUpdate":null}: ' +
        'supported values: "Recreate", "RollingUpdate"',
    ]);
  });

  it("has a selector that selects its own pods; maps are shown in the order of their keys", () => {
    const labels = { metadata: { labels: { tier: "b", app: "x" } }, spec: GOOD.template.spec };
    const mismatch =
      'spec.template.metadata.labels: Invalid value: {"app":"x","tier":"b"}: ' +
      "`selector` does not match template `labels`";
    expect(faults({ template: labels })).toEqual([mismatch]);
    expect(faults({ template: labels, selector: undefined })).toEqual([
      "spec.selector: Required value",
      mismatch,
    ]);
    expect(faults({ selector: {} })).toEqual([
      "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
    ]);
    expect(faults({ template: { spec: GOOD.template.spec } })).toEqual([
      "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
    ]);
  });

  it("has time to become ready before its deadline", () => {
    expect(faults({ minReadySeconds: 600 })).toEqual([
      "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
    ]);
  });
});
