import type { Pod } from "../../../api/kinds/pod.ts";
import type { Clock } from "../../../clock/clock.ts";
import { restarts } from "../restart-policy.ts";
import { hasProbes, ProbeWatch } from "./probe-watch.ts";
import { failureText, killText } from "./words.ts";

/** What a container that was killed ends with: by SIGKILL. */
const SIGKILL_EXIT_CODE = 137;

/** The address of a pod, and what its run does with what probes find. */
export interface ProbeEffects {
  readonly podIP: string;
  record(type: "Normal" | "Warning", reason: string, text: string): void;
  /** Containers have started, are ready, or are so no longer. */
  changed(): void;
  end(exitCode: number): void;
}

/** Watches the probes of a run of the pod's containers; undefined where probes have no say. */
export function startProbes(
  clock: Clock,
  pod: Pod,
  elapsedMs: number,
  effects: ProbeEffects,
): ProbeWatch | undefined {
  if (!hasProbes(pod)) return undefined;
  const watch = new ProbeWatch(clock, pod, elapsedMs, (container, { probe, change }) => {
    if (change === "failure") {
      effects.record("Warning", "Unhealthy", failureText(pod, container, probe, effects.podIP));
    } else if (change === "kill") {
      const isRestarted = restarts(pod, SIGKILL_EXIT_CODE);
      effects.record("Normal", "Killing", killText(container, probe, isRestarted));
      effects.end(SIGKILL_EXIT_CODE);
    } else {
      effects.changed();
    }
  });
  watch.start();
  return watch;
}
