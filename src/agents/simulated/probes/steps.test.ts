import { describe, expect, it } from "vitest";
import type { Container } from "../../../api/kinds/pod.ts";
import { HEALTHY, type ProbeBehaviour } from "./behaviour.ts";
import { probeSteps } from "./steps.ts";

const seconds = 1_000;

function stepsOf(container: Partial<Container>, behaviour: Partial<ProbeBehaviour> = {}): readonly string[] {
  const steps = probeSteps({ name: "main", ...container }, { ...HEALTHY, ...behaviour });
  return [...steps].map(({ atMs, probe, change }) => `${atMs / seconds} ${probe} ${change}`);
}

describe("probe steps", () => {
  it("are one for a probe that never fails, after its delay and as many successes as it asks for", () => {
    expect(stepsOf({ readinessProbe: {} })).toEqual(["0 Readiness ready"]);
    const readinessProbe = { initialDelaySeconds: 5, periodSeconds: 2, successThreshold: 3 };
    expect(stepsOf({ readinessProbe })).toEqual(["9 Readiness ready"]);
    expect(stepsOf({ livenessProbe: { initialDelaySeconds: 5 } })).toEqual(["0 Readiness ready"]);
  });

  it("let a container become unready after so many failures, and ready again", () => {
    const readinessProbe = { periodSeconds: 10, failureThreshold: 2 };
    const outage = { unreadyAtMs: 95 * seconds, readyAgainMs: 125 * seconds };
    expect(stepsOf({ readinessProbe }, outage)).toEqual([
      "0 Readiness ready",
      "100 Readiness failure",
      "110 Readiness failure",
      "110 Readiness unready",
      "130 Readiness ready",
    ]);
    const tooShort = { unreadyAtMs: 95 * seconds, readyAgainMs: 105 * seconds };
    expect(stepsOf({ readinessProbe }, tooShort)).toEqual(["0 Readiness ready", "100 Readiness failure"]);
  });

  it("are told without words where a pod has no readiness probe", () => {
    expect(stepsOf({}, { readyAfterMs: 2.5 * seconds })).toEqual(["3 Readiness ready"]);
  });

  it("tell the first failures only of a readiness that is long in coming", () => {
    const readinessProbe = { periodSeconds: 1, failureThreshold: 3 };
    const steps = stepsOf({ readinessProbe }, { readyAfterMs: 1e12 });
    expect(steps).toEqual([
      "0 Readiness failure",
      "1 Readiness failure",
      "2 Readiness failure",
      "1000000000 Readiness ready",
    ]);
  });

  it("end with the failure too many of liveness or startup", () => {
    const livenessProbe = { periodSeconds: 5, failureThreshold: 2 };
    expect(stepsOf({ livenessProbe }, { livenessFailsAfterMs: 7 * seconds })).toEqual([
      "0 Readiness ready",
      "10 Liveness failure",
      "15 Liveness failure",
      "15 Liveness kill",
    ]);
    const startupProbe = { periodSeconds: 5, failureThreshold: 2 };
    expect(stepsOf({ startupProbe }, { startedAfterMs: 30 * seconds })).toEqual([
      "0 Startup failure",
      "5 Startup failure",
      "5 Startup kill",
    ]);
  });

  it("hold readiness and liveness until the container has started", () => {
    const startupProbe = { periodSeconds: 5, failureThreshold: 10 };
    const probed = {
      startupProbe,
      livenessProbe: { periodSeconds: 4 },
      readinessProbe: { periodSeconds: 3 },
    };
    expect(stepsOf(probed, { startedAfterMs: 8 * seconds, livenessFailsAfterMs: 0 })).toEqual([
      "0 Startup failure",
      "5 Startup failure",
      "10 Startup started",
      "12 Readiness ready",
      "12 Liveness failure",
      "16 Liveness failure",
      "20 Liveness failure",
      "20 Liveness kill",
    ]);
  });
});
