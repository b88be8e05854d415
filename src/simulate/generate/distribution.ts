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

/** Names of the distributions, for help and messages. */
export const DISTRIBUTIONS = Object.keys(DRAWS) as readonly Distribution["distribution"][];

/** Draws one number; every distribution takes the same number of draws each time. */
export function draw(distribution: Distribution, random: Random): number {
  return (DRAWS[distribution.distribution] as Draw<unknown>)(distribution as never, random);
}

/** The mean; infinite for a Pareto distribution whose shape is 1 or less. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.distribution) {
    case "constant":
      return distribution.value;
    case "uniform":
      return (distribution.min + distribution.max) / 2;
    case "exponential":
    case "lognormal":
      return distribution.mean;
    case "weibull":
      return distribution.scale * gamma(1 + 1 / distribution.shape);
    case "pareto": {
      const { shape, scale } = distribution;
      return shape <= 1 ? Number.POSITIVE_INFINITY : (shape * scale) / (shape - 1);
    }
    case "empirical":
      return distribution.values.reduce((sum, value) => sum + value, 0) / distribution.values.length;
  }
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** The gamma function for positive arguments, by Lanczos' approximation. */
function gamma(x: number): number {
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const t = x + 6.5;
  const sum = LANCZOS.reduce((total, term, index) => total + term / (x + index), 0.999_999_999_999_809_9);
  return Math.sqrt(2 * Math.PI) * t ** (x - 0.5) * Math.exp(-t) * sum;
}

const LANCZOS = [
  676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
];
