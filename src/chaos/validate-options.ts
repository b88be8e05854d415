import { parseLabelSelector } from "../api/selector.ts";
import { formatDuration, parseDuration } from "../lib/duration.ts";
import type { Condition } from "./conditions/condition.ts";
import { parseCondition } from "./conditions/parse-condition.ts";
import { FAULTS, findFault } from "./faults/registry.ts";
import { compileNamePattern, PatternError } from "./name-pattern.ts";
import {
  CHAOS_DEFAULTS,
  CHECK_MODES,
  type ChaosOptions,
  type CheckMode,
  type FaultWeight,
  type Limit,
} from "./options.ts";

/** The flags of `kubesim chaos` as they were typed, by camel-cased name; an absent one takes its default. */
export interface ChaosInput {
  readonly duration?: string | undefined;
  readonly failureProb?: string | undefined;
  readonly recoveryProb?: string | undefined;
  readonly tick?: string | undefined;
  readonly seed?: string | undefined;
  /** Each may hold several, with commas. */
  readonly fault?: readonly string[] | undefined;
  readonly select?: string | undefined;
  readonly nodes?: string | undefined;
  /** Each may hold several, with commas. */
  readonly exclude?: readonly string[] | undefined;
  readonly maxDown?: string | undefined;
  readonly minUp?: string | undefined;
  readonly steady?: readonly string[] | undefined;
  readonly abort?: readonly string[] | undefined;
  readonly checkMode?: string | undefined;
  readonly startAfter?: string | undefined;
  readonly settle?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

/** One wrong flag: which, what is wrong with it, what to write instead. */
export interface OptionError {
  readonly option: string;
  readonly message: string;
  readonly hint: string;
}

export type ValidatedOptions =
  | { readonly ok: true; readonly options: ChaosOptions }
  | { readonly ok: false; readonly errors: readonly OptionError[] };

const LONGEST_PATTERN = 200;
const LONGEST_SEED = 100;
const MOST_TICKS = 10_000_000;
const DURATION_HINT = "write seconds or a duration: 300, 90s, 5m, 1h30m";

/** Turns flags into options, or tells everything that is wrong with them. Pure; never throws. */
export function validateChaosOptions(input: ChaosInput): ValidatedOptions {
  const check = new Checker();
  const durationMs = check.duration("--duration", input.duration ?? CHAOS_DEFAULTS.duration, 1);
  const tickMs = check.duration("--tick", input.tick ?? CHAOS_DEFAULTS.tick, 1);
  const labelSelector = check.labelSelector(input.select);
  const nodePattern = check.nodePattern(input.nodes);
  const seed = check.seed(input.seed);
  const maxDown = check.limit("--max-down", input.maxDown, 1);
  const minUp = check.limit("--min-up", input.minUp, 0);
  const options: ChaosOptions = {
    durationMs,
    tickMs,
    failureProbability: check.probability("--failure-prob", input.failureProb ?? CHAOS_DEFAULTS.failureProb),
    recoveryProbability: check.probability(
      "--recovery-prob",
      input.recoveryProb ?? CHAOS_DEFAULTS.recoveryProb,
    ),
    ...(seed !== undefined && { seed }),
    faults: check.faults(input.fault ?? [CHAOS_DEFAULTS.fault]),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(nodePattern !== undefined && { nodePattern }),
    exclude: (input.exclude ?? []).flatMap(listed),
    ...(maxDown !== undefined && { maxDown }),
    ...(minUp !== undefined && { minUp }),
    steady: check.conditions("--steady", input.steady),
    abort: check.conditions("--abort", input.abort),
    checkMode: check.checkMode(input.checkMode ?? CHAOS_DEFAULTS.checkMode),
    startAfterMs: check.duration("--start-after", input.startAfter ?? CHAOS_DEFAULTS.startAfter, 0),
    settleMs: check.duration("--settle", input.settle ?? CHAOS_DEFAULTS.settle, 0),
    dryRun: input.dryRun ?? false,
  };
  check.tickCount(durationMs, tickMs);
  return check.errors.length === 0 ? { ok: true, options } : { ok: false, errors: check.errors };
}

/** Reads one flag after the other; what is wrong is kept, and a stand-in value goes on. */
class Checker {
  readonly errors: OptionError[] = [];

  duration(option: string, text: string, leastMs: number): number {
    const durationMs = parseDuration(text);
    if (durationMs === undefined) this.#add(option, `"${text}" is no duration`, DURATION_HINT);
    else if (durationMs < leastMs)
      this.#add(option, `"${text}" is too short`, `${DURATION_HINT}, more than 0`);
    return durationMs ?? leastMs;
  }

  tickCount(durationMs: number, tickMs: number): void {
    if (this.errors.length > 0 || durationMs / tickMs <= MOST_TICKS) return;
    const message = `${formatDuration(tickMs)} makes more than ${MOST_TICKS.toLocaleString("en")} ticks`;
    this.#add("--tick", message, "use a longer tick or a shorter --duration");
  }

  probability(option: string, text: string): number {
    const trimmed = text.trim();
    const probability = /^(\d+(\.\d*)?|\.\d+)(e-?\d{1,3})?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
    if (probability >= 0 && probability <= 1) return probability;
    const percent = /^(\d+(?:\.\d+)?)%$/.exec(trimmed)?.[1];
    const meant = percent === undefined || Number(percent) > 100 ? "0.2" : String(Number(percent) / 100);
    this.#add(option, `"${text}" is no probability`, `write a number from 0 to 1, for example ${meant}`);
    return 0;
  }

  seed(text: string | undefined): string | undefined {
    if (text === undefined || (text !== "" && text.length <= LONGEST_SEED)) return text;
    this.#add("--seed", "a seed has 1 to 100 characters", "write any number or word, or leave the flag out");
    return undefined;
  }

  faults(texts: readonly string[]): readonly FaultWeight[] {
    const weights = new Map<string, number>();
    for (const item of texts.flatMap(listed)) {
      const [name = "", weightText, ...rest] = item.split("=").map((part) => part.trim());
      const weight = weightText === undefined ? 1 : /^\d+(\.\d+)?$/.test(weightText) ? Number(weightText) : 0;
      if (findFault(name) === undefined) {
        const known = FAULTS.map((fault) => fault.name).join(", ");
        this.#add("--fault", `unknown fault "${name}"`, `use one or more of: ${known}`);
      } else if (rest.length > 0 || !(weight > 0) || weight > 1e6) {
        this.#add("--fault", `"${item}" has no weight above 0`, `write for example ${name}=0.3`);
      } else if (weights.has(name)) {
        this.#add("--fault", `"${name}" is given twice`, "name each fault once");
      } else {
        weights.set(name, weight);
      }
    }
    if (weights.size === 0 && this.errors.every(({ option }) => option !== "--fault")) {
      this.#add("--fault", "names no fault", `write for example ${CHAOS_DEFAULTS.fault}`);
    }
    return [...weights].map(([name, weight]) => ({ name, weight }));
  }

  labelSelector(text: string | undefined): string | undefined {
    if (text === undefined || text.trim() === "") return undefined;
    try {
      parseLabelSelector(text);
    } catch (error) {
      this.#add("--select", messageOf(error), "write for example zone=a or 'zone in (a,b),!gpu'");
    }
    return text;
  }

  nodePattern(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const hint = "write for example 'node-[0-9]+' or 'web-.*'; it must match the whole name";
    if (text.length > LONGEST_PATTERN) {
      this.#add("--nodes", `longer than ${LONGEST_PATTERN} characters`, hint);
      return undefined;
    }
    try {
      compileNamePattern(text);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.#add("--nodes", `"${text}", column ${error.column}: ${error.message}`, hint);
    }
    return text;
  }

  limit(option: string, text: string | undefined, least: number): Limit | undefined {
    if (text === undefined) return undefined;
    const match = /^(\d{1,9}(?:\.\d+)?)(%?)$/.exec(text.trim());
    const amount = Number(match?.[1] ?? Number.NaN);
    const percent = match?.[2] === "%";
    const inRange = percent
      ? amount <= 100 && amount >= (least === 0 ? 0 : Number.MIN_VALUE)
      : amount >= least;
    if (inRange && (percent || Number.isInteger(amount)))
      return percent ? { percent: amount } : { count: amount };
    const zero = least > 0 && amount === 0;
    const message = zero ? "0 leaves nothing to do" : `"${text}" is no number of nodes`;
    const hint = zero
      ? "to only see what would happen, use --dry-run"
      : "write a whole number or a percentage: 3 or 30%";
    this.#add(option, message, hint);
    return undefined;
  }

  conditions(option: string, texts: readonly string[] | undefined): readonly Condition[] {
    return [...new Set(texts)].flatMap((text) => {
      const parsed = parseCondition(text);
      if (parsed.ok) return [parsed.condition];
      const { column, message, hint } = parsed.error;
      this.#add(option, `"${text.slice(0, 200)}", column ${column}: ${message}`, hint);
      return [];
    });
  }

  checkMode(text: string): CheckMode {
    if (Object.hasOwn(CHECK_MODES, text)) return text as CheckMode;
    const known = Object.entries(CHECK_MODES).map(([name, meaning]) => `${name} (${meaning})`);
    this.#add("--check-mode", `unknown mode "${text}"`, `use one of: ${known.join(", ")}`);
    return CHAOS_DEFAULTS.checkMode;
  }

  #add(option: string, message: string, hint: string): void {
    this.errors.push({ option, message, hint });
  }
}

/** The items of a list with commas, without blanks. */
function listed(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
