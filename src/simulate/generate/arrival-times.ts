import type { Random } from "../../lib/random.ts";
import type { Arrivals } from "../scenario/scenario.ts";

/** The times of a process, rising, in whole ms since the start of the run; without end. */
export function* arrivalTimes(arrivals: Arrivals, random: Random): Generator<number, never, undefined> {
  switch (arrivals.process) {
    case "none":
      for (;;) yield 0;
    case "constant":
      for (let index = 0; ; index++) yield Math.round((index * 1_000) / arrivals.rate);
    case "burst":
      for (let index = 0; ; index++) yield Math.floor(index / arrivals.size) * arrivals.everyMs;
    case "poisson":
      for (let atMs = 0; ; yield Math.round(atMs)) atMs += interval(arrivals.rate, random);
    case "diurnal":
      return yield* diurnal(arrivals, random);
  }
}

/** Thinning (Lewis and Shedler): candidates at the highest rate, each kept with the share that its time has of it. */
function* diurnal(
  { low, high, periodMs }: Extract<Arrivals, { readonly process: "diurnal" }>,
  random: Random,
): Generator<number, never, undefined> {
  for (let atMs = 0; ; ) {
    atMs += interval(high, random);
    const level = (1 - Math.cos((2 * Math.PI * atMs) / periodMs)) / 2;
    if (random.chance((low + (high - low) * level) / high)) yield Math.round(atMs);
  }
}

/** Time to the next event of a Poisson process, in ms. @param rate events per second */
function interval(rate: number, random: Random): number {
  return (-1_000 * Math.log(1 - random.next())) / rate;
}
