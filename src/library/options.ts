import { TIMING_PROFILES } from "../api/timing-profiles.ts";
import { STRATEGIES } from "../scheduler/strategies/registry.ts";
import type { StartOptions } from "./cluster.ts";

/** Fails with TypeError at the first option that cannot be; JavaScript has no compiler to say it. */
export function checkOptions(options: StartOptions): void {
  const { time, timing, strategy, port, startTime } = options;
  check("time", time, ["real", "virtual"]);
  check("timing", timing, Object.keys(TIMING_PROFILES));
  check(
    "strategy",
    strategy,
    STRATEGIES.map(({ name }) => name),
  );
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new TypeError(`port: ${port} is no port`);
  }
  if (startTime !== undefined && Number.isNaN(new Date(startTime).getTime())) {
    throw new TypeError(`startTime: ${JSON.stringify(startTime)} is no time`);
  }
  if (startTime !== undefined && time !== "virtual") {
    throw new TypeError('startTime: only a cluster with time: "virtual" can begin at another time');
  }
}

function check(name: string, value: string | undefined, possible: readonly string[]): void {
  if (value === undefined || possible.includes(value)) return;
  throw new TypeError(`${name}: ${JSON.stringify(value)} is none of ${possible.join(", ")}`);
}
