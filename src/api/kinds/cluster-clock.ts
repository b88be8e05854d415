import { ApiError, type FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import type { Action, Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { KUBESIM_GROUP } from "../well-known.ts";
import { NAME, NONE, textColumn } from "./columns.ts";

/** The one object, named `cluster`, that says what time it is in the cluster and whether time stands still. */
export interface ClusterClock extends KubeObject {
  readonly spec: {
    /** Real: the machine's own clock, which nobody holds. The other two are of a virtual clock. */
    readonly mode: "Real" | "Paused" | "Running";
    /** How fast it runs beside the real clock: `100x`, or `max`. Kept while it is paused. */
    readonly speed?: string;
  };
  readonly status: {
    /** The cluster's time (RFC 3339 with microseconds). */
    readonly time: string;
    /** Of a virtual clock: where it began, and how long ago that is as `t+02:13:05`. */
    readonly startTime?: string;
    readonly elapsed?: string;
    readonly elapsedMs?: number;
    /** True while somebody's advance is under way. */
    readonly advancing?: boolean;
    readonly pendingTimers?: number;
    /** When the next of them is due. */
    readonly nextEventTime?: string;
  };
}

/** What is asked of `clusterclocks/advance` and `/step`, and what has happened then. */
export interface ClockAdvance {
  readonly apiVersion: string;
  readonly kind: "ClockAdvance";
  readonly spec?: {
    /** How far: `5m`, `1h30m`, `250ms`. Of a step: at most so far. */
    readonly duration?: string;
    /** Answers after so much real time at the latest; the clock then stands wherever it has got to. */
    readonly timeout?: string;
  };
  readonly status?: ClockAdvanceStatus;
}

/** What an advance did. */
export interface ClockAdvanceStatus {
  readonly from: string;
  readonly to: string;
  readonly advancedMs: number;
  /** False when it was stopped before: by its timeout, or by a pause. */
  readonly reached: boolean;
  /** Timers that have run. */
  readonly events: number;
  /** Changes of stored objects, by resource. */
  readonly changes: Readonly<Record<string, number>>;
  /** What has become of pods: created, scheduled, started, succeeded, failed, deleted. */
  readonly pods: Readonly<Record<string, number>>;
}

export const CLUSTER_CLOCK_NAME = "cluster";
export const DEFAULT_SPEED = "1x";
const FASTEST = 1_000_000;

export const clusterClocks: Kind<ClusterClock> = {
  group: KUBESIM_GROUP,
  version: "v1alpha1",
  kind: "ClusterClock",
  plural: "clusterclocks",
  singular: "clusterclock",
  shortNames: [],
  categories: ["kubesim"],
  namespaced: false,
  alwaysThere: true,
  schema: "dev.kubesim.v1alpha1.ClusterClock",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn("Mode", "Real, Paused or Running.", (clock: ClusterClock) => clock.spec.mode),
    textColumn("Speed", "Virtual seconds per second while it runs.", ({ spec }: ClusterClock) =>
      spec.mode === "Running" ? (spec.speed ?? DEFAULT_SPEED) : NONE,
    ),
    textColumn("Time", "The cluster's time.", ({ status }: ClusterClock) => `${status.time.slice(0, 19)}Z`),
    textColumn(
      "Elapsed",
      "Virtual time since it began.",
      ({ status }: ClusterClock) => status.elapsed ?? NONE,
    ),
    textColumn("Next Event", "When the next timer is due.", ({ status }: ClusterClock) => {
      const { nextEventTime } = status;
      return nextEventTime ?? NONE;
    }),
    {
      name: "Timers",
      type: "integer",
      description: "Timers that are still to run.",
      priority: 1,
      cell: ({ status }) => status.pendingTimers ?? 0,
    },
  ],
  selectableFields: {},
  validate: validateClock,
  actions: { advance: clockAction(), step: clockAction() },
};

/** Reads a speed: virtual seconds per second, Infinity for `max`; undefined when the text is none. */
export function parseSpeed(text: string): number | undefined {
  if (text === "max") return Number.POSITIVE_INFINITY;
  if (!/^\d+(\.\d+)?x?$/.test(text)) return undefined;
  const speed = Number(text.replace("x", ""));
  return speed > 0 && speed <= FASTEST ? speed : undefined;
}

/** `t+02:13:05`, with days in front and milliseconds behind where there are any. */
export function elapsedText(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const clock = `${two(Math.floor(seconds / 3_600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const rest = Math.floor(elapsedMs % 1_000);
  return `t+${days > 0 ? `${days}d` : ""}${clock}${rest > 0 ? `.${String(rest).padStart(3, "0")}` : ""}`;
}

/** What answers where the clock is not virtual. */
export function realTimeRefusal(): ApiError {
  return new ApiError(
    "MethodNotAllowed",
    "the clock of this cluster is the machine's own and cannot be held; start a server with --virtual for that",
  );
}

function clockAction(): Action {
  return {
    group: KUBESIM_GROUP,
    version: "v1alpha1",
    kind: "ClockAdvance",
    run: () => Promise.reject(realTimeRefusal()),
  };
}

function validateClock({ spec }: Partial<ClusterClock>): readonly FieldError[] {
  if (spec === undefined) return [requiredValue("spec")];
  const errors: FieldError[] = [];
  if (spec.mode !== "Paused" && spec.mode !== "Running") {
    errors.push(notSupported("spec.mode", spec.mode, ["Paused", "Running"]));
  }
  if (spec.speed !== undefined && parseSpeed(spec.speed) === undefined) {
    errors.push(invalidValue("spec.speed", spec.speed, `must be max or like 100x, up to ${FASTEST}x`));
  }
  return errors;
}
