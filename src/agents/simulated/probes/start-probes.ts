import type { Container, Pod } from "../../../api/kinds/pod.ts";
import type { Clock } from "../../../clock/clock.ts";
import { SIGKILL_EXIT_CODE } from "../containers/container-state.ts";
import { restarts } from "../containers/restart-policy.ts";
import type { Role } from "../containers/role.ts";
import { ProbeWatch } from "./probe-watch.ts";
import type { ProbeStep } from "./steps.ts";
import { failureText, killText, probeOf } from "./words.ts";

/** The address of a pod, and what becomes of what probes of its container find. */
export interface ProbeEffects {
  readonly podIP: string;
  record(type: "Normal" | "Warning", reason: string, text: string): void;
  /** The container has started, is ready, or is so no longer. */
  changed(): void;
  /** The container is to be ended; with a grace period in seconds, where the probe has one of its own. */
  kill(graceS: number | undefined): void;
}

/** Watches the probes of a run of a container that has some. */
export function startProbes(
  clock: Clock,
  pod: Pod,
  container: Container,
  role: Role,
  elapsedMs: number,
  effects: ProbeEffects,
): ProbeWatch {
  const watch = new ProbeWatch(clock, pod, container, elapsedMs, ({ probe, change }) => {
    if (change === "failure") {
      effects.record("Warning", "Unhealthy", failureText(container, probe, effects.podIP));
    } else if (change === "kill") {
      const isRestarted = restarts(pod, role, SIGKILL_EXIT_CODE);
      effects.record("Normal", "Killing", killText(container.name, probe, isRestarted));
      effects.kill(probeGraceS(container, probe));
    } else {
      effects.changed();
    }
  });
  watch.start();
  return watch;
}

function probeGraceS(container: Container, probe: ProbeStep["probe"]): number | undefined {
  return probeOf(container, probe)?.terminationGracePeriodSeconds;
}
