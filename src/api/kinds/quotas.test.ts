import { describe, expect, it } from "vitest";
import { type LimitRange, limitRanges } from "./limit-range.ts";
import { type ResourceQuota, resourceQuotas } from "./resource-quota.ts";

describe("a LimitRange", () => {
  const range = (item: object): LimitRange =>
    limitRanges.setDefaults?.({
      metadata: { name: "l" },
      spec: { limits: [{ type: "Container", ...item }] },
    } as unknown as LimitRange) as LimitRange;

  it("takes limits from the most and requests from limits", () => {
    const made = range({ max: { cpu: "2" }, min: { memory: "1Mi" } });
    expect(made.spec.limits[0]).toMatchObject({
      default: { cpu: "2" },
      defaultRequest: { cpu: "2", memory: "1Mi" },
    });
    expect(limitRanges.setDefaults?.(made)).toBe(made);
  });

  it("refuses a least that is more than the most", () => {
    const faults = limitRanges.validate?.(range({ max: { cpu: "1" }, min: { cpu: "2" } }), undefined) ?? [];
    expect(faults.map(({ field, message }) => `${field}: ${message}`)).toContain(
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    );
  });
});

describe("a ResourceQuota", () => {
  const quota = (hard: object, used: object): ResourceQuota =>
    ({ metadata: { name: "q" }, spec: { hard }, status: { used } }) as unknown as ResourceQuota;

  it("shows requests and limits apart", () => {
    const shown = quota({ pods: "4", "limits.cpu": "2" }, { pods: "1" });
    const cells = resourceQuotas.columns.map(({ cell }) => cell(shown, 0));
    expect(cells.slice(2)).toEqual(["pods: 1/4", "limits.cpu: 0/2"]);
  });

  it("refuses amounts that are none", () => {
    expect(resourceQuotas.validate?.(quota({ pods: "-1" }, {}), undefined)).toHaveLength(1);
  });
});
