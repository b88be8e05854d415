import type { Random } from "../../lib/random.ts";

/** A distribution of positive numbers; plain JSON data. One file per way to draw would hide how alike they are. */
export type Distribution =
  | { readonly distribution: "constant"; readonly value: number }
  | { readonly distribution: "uniform"; readonly min: number; readonly max: number }
  | { readonly distribution: "exponential"; readonly mean: number }
  | { readonly distribution: "lognormal"; readonly mean: number; readonly sigma: number }
  | { readonly distribution: "weibull"; readonly shape: number; readonly scale: number }
  | { readonly distribution: "pareto"; readonly shape: number; readonly scale: number }
  | { readonly distribution: "empirical"; readonly values: readonly number[] };

type Draw<Name> = (
  parameters: Extract<Distribution, { readonly distribution: Name }>,
  random: Random,
) => number;

const DRAWS: { readonly [Name in Distribution["distribution"]]: Draw<Name> } = {
  constant: ({ value }) => value,
  uniform: ({ min, max }, random) => min + (max - min) * random.next(),
  exponential: ({ mean }, random) => -mean * Math.log(1 - random.next()),
  lognormal: ({ mean, sigma }, random) => mean * Math.exp(sigma * normal(random) - (sigma * sigma) / 2),
  weibull: ({ shape, scale }, random) => scale * (-Math.log(1 - random.next())) ** (1 / shape),
  pareto: ({ shape, scale }, random) => scale / (1 - random.next()) ** (1 / shape),
  empirical: ({ values }, random) => values[random.below(values.length)] as number,
};

/** The least number that can come out. */
export function leastOf(distribution: Distribution): number {
  switch (distribution.distribution) {
    case "constant":
      return distribution.value;
    case "uniform":
      return distribution.min;
    case "pareto":
      return distribution.scale;
    case "empirical":
      return Math.min(...distribution.values);
    default:
      return 0;
  }
}

/** A number that is 0 only where nothing but 0 can come out. */
export function scaleOf(distribution: Distribution): number {
  switch (distribution.distribution) {
    case "constant":
      return distribution.value;
    case "uniform":
      return distribution.max;
    case "empirical":
      return Math.max(...distribution.values);
    case "exponential":
    case "lognormal":
      return distribution.mean;
    default:
      return distribution.scale;
  }
}

/** Draws one number. */
export function draw(distribution: Distribution, random: Random): number {
  return (DRAWS[distribution.distribution] as Draw<unknown>)(distribution as never, random);
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
