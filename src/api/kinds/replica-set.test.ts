import { describe, expect, it } from "vitest";
import { replicasPatch, scaleOf } from "../scale.ts";
import { type ReplicaSet, replicaSets } from "./replica-set.ts";

function replicaSet(spec: object): ReplicaSet {
  const given = { metadata: { name: "web", namespace: "default", uid: "u", resourceVersion: "7" }, spec };
  return replicaSets.setDefaults?.(given as unknown as ReplicaSet) as ReplicaSet;
}

const POD = { containers: [{ name: "main", image: "web:1" }] };
const GOOD = {
  selector: { matchLabels: { app: "a" } },
  template: { metadata: { labels: { app: "a" } }, spec: POD },
};

function faults(spec: object, old?: object): string[] {
  const errors = replicaSets.validate?.(replicaSet(spec), old && replicaSet(old)) ?? [];
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

describe("a ReplicaSet", () => {
  it("has one replica unless it says otherwise, and a template with the defaults of a pod", () => {
    const { spec, status } = replicaSet(GOOD);
    expect(spec.replicas).toBe(1);
    expect(spec.template.spec).toMatchObject({ restartPolicy: "Always", terminationGracePeriodSeconds: 30 });
    expect(spec.template.spec.containers[0]).toMatchObject({ imagePullPolicy: "IfNotPresent" });
    expect(status.replicas).toBe(0);
  });

  it("must select its own pods", () => {
    expect(faults(GOOD)).toEqual([]);
    expect(faults({ template: GOOD.template })).toEqual([
      "spec.selector: Required value",
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ]);
    expect(faults({ ...GOOD, selector: { matchLabels: { app: "b" } } })).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ]);
    expect(faults({ ...GOOD, selector: {} })[0]).toMatch(
      /^spec.selector: Invalid value: .*empty selector is invalid/,
    );
  });

  it("cannot change its selector", () => {
    const template = { metadata: { labels: { app: "a", b: "c" } }, spec: POD };
    const changed = { selector: { matchLabels: { b: "c" } }, template };
    expect(faults(changed, GOOD)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"b":"c"}}: field is immutable',
    ]);
  });

  it("names faults of the template by their whole path", () => {
    const template = { metadata: { labels: { app: "a" } }, spec: { ...POD, restartPolicy: "Never" } };
    expect(faults({ ...GOOD, replicas: -1, template })).toEqual([
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]);
    const empty = { metadata: { labels: { app: "a" } }, spec: {} };
    expect(faults({ ...GOOD, template: empty })).toEqual(["spec.template.spec.containers: Required value"]);
  });

  it("can be scaled without knowing what it is", () => {
    const scale = replicaSets.scale as NonNullable<typeof replicaSets.scale>;
    expect(scaleOf(scale, replicaSet({ ...GOOD, replicas: 4 }))).toMatchObject({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "web", resourceVersion: "7" },
      spec: { replicas: 4 },
      status: { replicas: 0, selector: "app=a" },
    });
    expect(replicasPatch(scale, 5, "7")).toEqual({
      spec: { replicas: 5 },
      metadata: { resourceVersion: "7" },
    });
  });
});
