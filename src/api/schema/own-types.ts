import { CLOCK_TYPES } from "./clock.ts";
import { KUBESIM_TYPES } from "./kubesim.ts";
import { METRICS_TYPES } from "./metrics.ts";
import type { OwnType } from "./own-type.ts";

/** All types that are written by hand, by name. */
export const OWN_TYPES: Readonly<Record<string, OwnType>> = {
  ...KUBESIM_TYPES,
  ...CLOCK_TYPES,
  ...METRICS_TYPES,
};
