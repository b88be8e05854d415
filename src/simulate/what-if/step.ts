import { counted } from "../../lib/counted.ts";
import { parseShape, type Shape, ShapeError } from "../shape.ts";

/** Nodes by name, or all of a zone. */
export type Targets = { readonly names: readonly string[] } | { readonly zone: string };

/** One thing to try. */
export type WhatIfStep =
  | { readonly do: "drain" | "remove" | "crash"; readonly targets: Targets }
  | { readonly do: "add"; readonly count: number; readonly shape: Shape; readonly zone?: string }
  | { readonly do: "strategy"; readonly name: string }
  | { readonly do: "launch-pods"; readonly count: number; readonly shape: Shape }
  | { readonly do: "launch-files"; readonly files: readonly string[] };

/** What steps take where they do not say it themselves. */
export interface StepDefaults {
  readonly node: Shape;
  readonly pod: Shape;
  readonly zone?: string;
  readonly files: readonly string[];
}

/** Why a sentence cannot be understood, or not be done in that cluster. */
export class WhatIfError extends Error {
  readonly hint: string;
  readonly exitCode: number | undefined;

  constructor(message: string, hint: string, exitCode?: number) {
    super(message);
    this.name = "WhatIfError";
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

const GRAMMAR =
  "Say: drain node-3 | remove zone a | crash node-1 | add 5 nodes cpu=8,memory=32Gi | strategy best-fit | " +
  "launch app.yaml | launch 10 pods cpu=2; several with then in between";
const COUNT_MAX = 100_000;
const USAGE = 2;

/** Reads `drain node-3 then add 5 nodes cpu=8`. Throws WhatIfError. */
export function parseSteps(words: readonly string[], defaults: StepDefaults): readonly WhatIfStep[] {
  const sentences: string[][] = [[]];
  for (const word of words.flatMap((text) => text.split(/\s+/)).filter((word) => word !== "")) {
    if (word === "then") sentences.push([]);
    else sentences.at(-1)?.push(word);
  }
  return sentences.map((sentence) => parseStep(sentence, defaults));
}

/** The step as one would type it. */
export function stepText(step: WhatIfStep): string {
  switch (step.do) {
    case "add":
      return `add ${counted(step.count, "node")} ${shapeText(step.shape)}`;
    case "launch-pods":
      return `launch ${counted(step.count, "pod")} ${shapeText(step.shape)}`;
    case "launch-files":
      return `launch ${step.files.join(" ")}`;
    case "strategy":
      return `strategy ${step.name}`;
    default:
      return "zone" in step.targets
        ? `${step.do} zone ${step.targets.zone}`
        : `${step.do} ${step.targets.names.join(" ")}`;
  }
}

function parseStep([verb, ...rest]: readonly string[], defaults: StepDefaults): WhatIfStep {
  switch (verb) {
    case "drain":
    case "remove":
    case "crash":
      return { do: verb, targets: targetsOf(verb, rest) };
    case "kill":
      return { do: "crash", targets: targetsOf(verb, rest) };
    case "add": {
      const counted = readCounted("nodes", rest, defaults.node);
      return { do: "add", ...counted, ...(defaults.zone !== undefined && { zone: defaults.zone }) };
    }
    case "strategy":
      if (rest.length === 1) return { do: "strategy", name: rest[0] as string };
      throw new WhatIfError(
        "strategy needs the name of one strategy",
        "See them with: kubesim strategy list",
        USAGE,
      );
    case "launch":
      return launchOf(rest, defaults);
    default:
      throw new WhatIfError(
        verb === undefined ? "There is nothing to try" : `"${verb}" is nothing that can be tried`,
        GRAMMAR,
        USAGE,
      );
  }
}

function targetsOf(verb: string, words: readonly string[]): Targets {
  const [first, ...rest] = words;
  if (first === "zone" && rest.length === 1) return { zone: rest[0] as string };
  const names = first === "node" || first === "nodes" ? rest : words;
  if (names.length > 0 && first !== "zone") return { names };
  throw new WhatIfError(
    `${verb} does not say what`,
    `Write it like: ${verb} node-3, or ${verb} zone a`,
    USAGE,
  );
}

function launchOf(words: readonly string[], defaults: StepDefaults): WhatIfStep {
  if (/^\d+$/.test(words[0] ?? "")) return { do: "launch-pods", ...readCounted("pods", words, defaults.pod) };
  const files = words.length > 0 ? words : defaults.files;
  if (files.length > 0) return { do: "launch-files", files };
  throw new WhatIfError(
    "launch does not say what",
    "Write it like: launch -f app.yaml, or launch 10 pods cpu=2",
    USAGE,
  );
}

function readCounted(noun: "nodes" | "pods", words: readonly string[], shape: Shape) {
  const [number = "", ...rest] = words;
  const count = /^\d{1,6}$/.test(number) ? Number(number) : 0;
  const verb = noun === "nodes" ? "add" : "launch";
  const shapeWords = rest.filter((word) => word !== noun && word !== noun.slice(0, -1));
  if (count < 1 || count > COUNT_MAX || shapeWords.length > 1) {
    throw new WhatIfError(
      `${verb} does not say how many ${noun}`,
      `Write it like: ${verb} 5 ${noun} cpu=8,memory=32Gi`,
      USAGE,
    );
  }
  try {
    return { count, shape: { ...shape, ...(shapeWords[0] !== undefined && parseShape(shapeWords[0])) } };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new WhatIfError(error.message, `Write it like: ${verb} 5 ${noun} cpu=8,memory=32Gi`, USAGE);
  }
}

function shapeText(shape: Shape): string {
  return Object.entries(shape)
    .map(([name, quantity]) => `${name}=${quantity}`)
    .join(",");
}
