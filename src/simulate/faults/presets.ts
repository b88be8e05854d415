import type { Distribution } from "../generate/distribution.ts";

const HOUR_MS = 3_600_000;

/** Weibull shape and scale (hours) of the time between failures, then of their duration. */
const FITS = {
  lanl05: [0.48, 816.6, 0.58, 2.18],
  g5k06: [0.48, 14.37, 0.35, 0.47],
  microsoft99: [0.55, 35.3, 0.6, 9.34],
  planetlab05: [0.33, 19.35, 0.36, 5.59],
  ldns04: [0.51, 79.3, 0.63, 5.62],
  nd07cpu: [0.45, 4.16, 0.51, 0.74],
  skype06: [0.64, 10.86, 0.63, 9.48],
  websites02: [0.46, 3.68, 0.65, 0.61],
  overnet03: [0.85, 2.04, 0.44, 2.98],
} as const;

/** Names of real systems whose failures are known: OpenDC's fits to the Failure Trace Archive. */
export const PRESETS = Object.keys(FITS) as readonly (keyof typeof FITS)[];

/** How nodes of that system fail and come back. All shapes are below 1: failures cluster. */
export function presetOf(name: keyof typeof FITS): {
  readonly upMs: Distribution;
  readonly downMs: Distribution;
} {
  const [upShape, upHours, downShape, downHours] = FITS[name];
  return {
    upMs: { distribution: "weibull", shape: upShape, scale: upHours * HOUR_MS },
    downMs: { distribution: "weibull", shape: downShape, scale: downHours * HOUR_MS },
  };
}
