/** What the dice are expected to do to one node that starts up: the seed program's rule, exactly. */
export interface Expectation {
  /** Share of the time that it is up; 1 without a tick. */
  readonly availability: Moments;
  readonly failures: Moments;
  readonly recoveries: Moments;
}

/** Mean and variance of one node; n independent nodes have n times each. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** The parameters of a run that its expectation depends on. */
export interface DicePlan {
  readonly failureProbability: number;
  readonly recoveryProbability: number;
  readonly tickMs: number;
  readonly durationMs: number;
}

/** How many ticks a run of that length has; the last one may be cut short. */
export function tickCount({ tickMs, durationMs }: Pick<DicePlan, "tickMs" | "durationMs">): number {
  return Math.ceil(durationMs / tickMs);
}

/**
 * The exact expectation, by recursion over the ticks; every node starts up. At each tick a failed node first recovers
 * with chance r, and whoever is up then fails with chance p; so with u the chance of being up,
 * u' = (1 - p)(u + r (1 - u)).
 * @param firstTick ticks before it had not begun for this node (it joined later).
 */
export function expectationOf(plan: DicePlan, firstTick = 0): Expectation {
  const { failureProbability: p, recoveryProbability: r, tickMs, durationMs } = plan;
  const ticks = tickCount(plan);
  const totalMs = durationMs - firstTick * tickMs;
  const lengthMs = (tick: number) => Math.min(tickMs, durationMs - tick * tickMs);
  const moments = (reward: (step: Step, tick: number) => number) =>
    additiveMoments(stepsOf(p, r), firstTick, ticks, reward);
  // Summed in whole milliseconds, so that certain outcomes come out exactly.
  const upMs = moments((step, tick) => (step.to === "up" ? lengthMs(tick) : 0));
  return {
    availability:
      totalMs > 0
        ? { mean: upMs.mean / totalMs, variance: upMs.variance / totalMs ** 2 }
        : { mean: 1, variance: 0 },
    failures: moments((step) => (step.fails ? 1 : 0)),
    recoveries: moments((step) => (step.recovers ? 1 : 0)),
  };
}

type State = "up" | "down";

/** One of the things that can happen to a node at a tick. */
interface Step {
  readonly from: State;
  readonly to: State;
  readonly chance: number;
  readonly recovers: boolean;
  readonly fails: boolean;
}

function stepsOf(p: number, r: number): readonly Step[] {
  return [
    { from: "up", to: "up", chance: 1 - p, recovers: false, fails: false },
    { from: "up", to: "down", chance: p, recovers: false, fails: true },
    { from: "down", to: "down", chance: 1 - r, recovers: false, fails: false },
    { from: "down", to: "up", chance: r * (1 - p), recovers: true, fails: false },
    { from: "down", to: "down", chance: r * p, recovers: true, fails: true },
  ];
}

/**
 * Mean and variance of the sum of the rewards along the chain. For each state it carries the chance of being there, and
 * the first two moments of the sum so far on the event of being there; so no covariance between ticks is neglected.
 */
function additiveMoments(
  steps: readonly Step[],
  firstTick: number,
  ticks: number,
  reward: (step: Step, tick: number) => number,
): Moments {
  let now = { up: { chance: 1, sum: 0, square: 0 }, down: { chance: 0, sum: 0, square: 0 } };
  for (let tick = firstTick; tick < ticks; tick++) {
    const next = { up: { chance: 0, sum: 0, square: 0 }, down: { chance: 0, sum: 0, square: 0 } };
    for (const step of steps) {
      const { chance, sum, square } = now[step.from];
      const gain = reward(step, tick);
      const into = next[step.to];
      into.chance += step.chance * chance;
      into.sum += step.chance * (sum + gain * chance);
      into.square += step.chance * (square + 2 * gain * sum + gain * gain * chance);
    }
    now = next;
  }
  const mean = now.up.sum + now.down.sum;
  const variance = now.up.square + now.down.square - mean * mean;
  // What is left of a certain outcome after rounding is no variance.
  return { mean, variance: variance < 1e-12 * Math.max(1, mean * mean) ? 0 : variance };
}
