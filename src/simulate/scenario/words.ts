import { parseQuantity, resourceAmount } from "../../api/quantity.ts";
import { parseDuration } from "../../lib/duration.ts";
import type { Distribution } from "../generate/distribution.ts";
import type { Arrivals, Demand, FixedEvent } from "./scenario.ts";

/*
 * The texts of scenarios: the same in files and on the command line. Each reader returns undefined for a text that is
 * none.
 */

type ReadNumber = (text: string) => number | undefined;

/** Cores, from `2` or `500m`. */
export const cores: ReadNumber = (text) =>
  parseQuantity(text) === undefined ? undefined : resourceAmount("cpu", text) / 1_000;

/** Bytes, from `512Mi`. */
export const bytes: ReadNumber = (text) => {
  const amount = parseQuantity(text);
  return amount === undefined || amount < 0 ? undefined : resourceAmount("memory", text);
};

/** Milliseconds, from `30s`; a bare number is seconds. */
export const milliseconds: ReadNumber = parseDuration;

const plain: ReadNumber = (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);

/** GPUs, from `0.5` or `2`. */
export const gpus: ReadNumber = plain;

/** What a distribution's parameters are called, in order, and which of them carry no unit. */
const PARAMETERS = {
  constant: ["value"],
  uniform: ["min", "max"],
  exponential: ["mean"],
  lognormal: ["mean", "sigma"],
  weibull: ["shape", "scale"],
  pareto: ["shape", "scale"],
} as const;
const WITHOUT_UNIT: readonly string[] = ["sigma", "shape"];

/** `exponential:5m`, `uniform:1,4`, `lognormal:5m,1.5`, `empirical:1,2,4`; a value alone is constant. */
export function distribution(read: ReadNumber): (text: string) => Distribution | undefined {
  return (text) => {
    const [name = "", rest] = split(text);
    if (rest === undefined) return known({ distribution: "constant", value: read(name) });
    const words = rest.split(",").map((word) => word.trim());
    if (name === "empirical") {
      const values = words.map(read);
      return values.every((value) => value !== undefined) ? { distribution: name, values } : undefined;
    }
    if (!Object.hasOwn(PARAMETERS, name)) return undefined;
    const parameters = PARAMETERS[name as keyof typeof PARAMETERS];
    if (words.length !== parameters.length) return undefined;
    const values = parameters.map((parameter, at) => [
      parameter,
      (WITHOUT_UNIT.includes(parameter) ? plain : read)(words[at] as string),
    ]);
    const made = { distribution: name, ...Object.fromEntries(values) };
    const isPossible = made.shape !== 0 && (made.min === undefined || made.min <= made.max);
    return isPossible ? known(made) : undefined;
  };
}

/** The text of a distribution of durations, as `distribution` reads it. */
export function durationsText(of: Distribution): string {
  const { distribution: name, ...parameters } = of as { distribution: string } & Record<string, unknown>;
  const values = Object.entries(parameters).flatMap(([parameter, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) =>
      WITHOUT_UNIT.includes(parameter) ? `${one}` : `${one}ms`,
    ),
  );
  return `${name}:${values.join(",")}`;
}

/** `gpu=1.3`, `cpu=0.9`: so many times what the nodes have. */
export function demand(text: string): Demand | undefined {
  const [, resource = "", number = ""] = /^(cpu|memory|gpu)=(\S+)$/.exec(text) ?? [];
  const times = plain(number) ?? 0;
  return times > 0 && times <= 1_000 ? { resource: resource as Demand["resource"], times } : undefined;
}

/** `none`, `poisson:2`, `constant:5`, `burst:100,10m`, `diurnal:0.1,2,24h`; rates are pods per second. */
export function arrivals(text: string): Arrivals | undefined {
  const [process = "", rest = ""] = split(text);
  const [first = "", second = "", third = ""] = rest.split(",").map((word) => word.trim());
  switch (process) {
    case "none":
      return rest === "" ? { process } : undefined;
    case "poisson":
    case "constant": {
      const rate = plain(first);
      return rate === undefined || rate <= 0 ? undefined : { process, rate };
    }
    case "burst": {
      const [size, everyMs] = [plain(first), milliseconds(second)];
      const isPossible = size !== undefined && size >= 1 && Number.isInteger(size) && !!everyMs;
      return isPossible ? { process, size, everyMs } : undefined;
    }
    case "diurnal": {
      const [low, high, periodMs] = [plain(first), plain(second), milliseconds(third)];
      const isPossible = low !== undefined && high !== undefined && high > 0 && low <= high && !!periodMs;
      return isPossible ? { process, low, high, periodMs } : undefined;
    }
    default:
      return undefined;
  }
}

const ACTIONS: readonly string[] = ["crash", "hang", "heal", "cordon", "uncordon", "remove", "strategy"];

/** `at 10s crash busiest`, `at 1m crash zone zone-1`, `at 40s heal all`, `at 5m strategy best-fit`. */
export function fixedEvent(text: string): FixedEvent | undefined {
  const [, time = "", action = "", target = ""] = /^at\s+(\S+)\s+(\S+)\s+(\S.*?)\s*$/.exec(text) ?? [];
  const atMs = milliseconds(time);
  if (atMs === undefined || !ACTIONS.includes(action)) return undefined;
  return { atMs, action: action as FixedEvent["action"], target: target.replace(/\s+/g, " ") };
}

function split(text: string): readonly [name: string, rest: string | undefined] {
  const at = text.indexOf(":");
  return at < 0 ? [text.trim(), undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function known(made: Readonly<Record<string, unknown>>): Distribution | undefined {
  return Object.values(made).every((value) => value !== undefined) ? (made as Distribution) : undefined;
}
