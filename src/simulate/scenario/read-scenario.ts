import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { type Document, LineCounter, parseDocument } from "yaml";
import { FileFault } from "../../lib/file-fault.ts";
import { readInput } from "../files/read-input.ts";
import type { Scenario } from "./scenario.ts";
import { type ScenarioSpec, scenarioSpec } from "./schema.ts";
import type { Place } from "./shape.ts";

/** A scenario's spec before its strategies' files are read. */
export interface NamedSpec {
  readonly name: string;
  readonly spec: ScenarioSpec;
  /** Says that something is wrong with a field of the spec. */
  readonly fault: (keys: readonly (string | number)[], problem: string, hint?: string) => Error;
}

/** Reads a scenario file. Fails with FileFault, which names file, line and field. */
export function readScenarioFile(file: string): NamedSpec {
  const lines = new LineCounter();
  const document = parseDocument(readInput(file), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const problem =
      error.code === "MULTIPLE_DOCS"
        ? "begins a second document: a file holds one scenario"
        : (error.message.split("\n")[0] as string).replace(/:$/, "");
    throw new FileFault(file, line, col, problem);
  }
  const lineOf = (keys: readonly (string | number)[]): number => {
    for (let depth = keys.length; depth >= 0; depth--) {
      const part = keys.slice(0, depth);
      // A list of one may be written without being a list; then its only index is left out.
      const node =
        nodeAt(document, part) ??
        nodeAt(
          document,
          part.filter((key) => key !== 0),
        );
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const place = placeIn((keys, problem, hint) => {
    const path = pathText(keys);
    return new FileFault(file, lineOf(keys), undefined, path === "" ? problem : `${path}: ${problem}`, hint);
  });
  const whole: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof whole !== "object" || whole === null) throw place.fault("is not a scenario");
  const { apiVersion, kind, metadata, spec, ...rest } = whole as Record<string, unknown>;
  for (const [field, found, wanted] of [
    ["kind", kind, "Scenario"],
    ["apiVersion", apiVersion, "kubesim.dev/v1alpha1"],
  ] as const) {
    if (found === undefined) throw place.fault(`has no ${field}: it must be ${wanted}`);
    if (found !== wanted) throw place.child(field).fault(`is ${JSON.stringify(found)}, not ${wanted}`);
  }
  const [other] = Object.keys(rest);
  if (other !== undefined) throw place.child(other).fault("is no field that is known here");
  const name = (metadata as { readonly name?: unknown } | undefined)?.name;
  const read = scenarioSpec.read(spec ?? {}, place.child("spec"));
  return {
    name: typeof name === "string" ? name : "scenario",
    spec: checked(besideScenario(read, file), place.child("spec")),
    fault: (keys, problem, hint) =>
      keys.reduce<Place>((at, key) => at.child(key), place.child("spec")).fault(problem, hint),
  };
}

/**
 * Reads a spec that was put together from flags.
 * @param fault makes the error, with the path of the field
 */
export function readSpec(
  raw: object,
  fault: (path: string, problem: string, hint?: string) => Error,
): ScenarioSpec {
  const place = placeIn((keys, problem, hint) => fault(pathText(keys), problem, hint));
  return checked(scenarioSpec.read(raw, place), place);
}

/** The scenario of a spec whose strategies have been read. */
export function scenarioOf(
  { name, spec }: Pick<NamedSpec, "name" | "spec">,
  strategies: Scenario["strategies"],
): Scenario {
  const { duration, ...rest } = spec;
  return { name, ...rest, strategies, ...(duration !== undefined && { durationMs: duration }) };
}

/** Files that are named in a scenario stand beside it; where they do not, their names are those of the shell. */
function besideScenario(spec: ScenarioSpec, scenario: string): ScenarioSpec {
  const found = (file: string) => {
    const beside = join(dirname(scenario), file);
    return isAbsolute(file) || !existsSync(beside) ? file : beside;
  };
  const placed = <Source extends object>(source: Source): Source =>
    "file" in source ? { ...source, file: found(source.file as string) } : source;
  return {
    ...spec,
    nodes: spec.nodes.map(placed),
    workload: spec.workload.map(placed),
    strategies: spec.strategies.map((text) => (isStrategyFile(text) ? found(text) : text)),
  };
}

/** A strategy of one's own is given by its file, as names have no dots and slashes. */
export function isStrategyFile(text: string): boolean {
  return /\.(mjs|js)$/.test(text) || text.includes("/");
}

/** What no field can say for itself. */
function checked(spec: ScenarioSpec, place: Place): ScenarioSpec {
  if (spec.faults.length > 0 && spec.duration === undefined) {
    throw place.fault("has faults but no duration", "Chance never ends: say how long, for example 1h");
  }
  for (const [index, source] of spec.workload.entries()) {
    if ("file" in source && source.arrivals !== "none") {
      const field =
        source.demand !== undefined ? "demand" : source.order === "shuffled" ? "order" : undefined;
      const problem = "needs arrivals: none, as the file's times belong to its rows";
      if (field !== undefined) throw place.child("workload").child(index).child(field).fault(problem);
    }
    if ("file" in source || source.count !== undefined || spec.duration !== undefined) continue;
    const hint = "Say how many pods (count), or how long the run is (duration)";
    throw place.child("workload").child(index).fault("would go on for ever", hint);
  }
  requireOwnNames(spec, place);
  for (const field of ["strategies", "seeds"] as const) {
    if (spec[field].length > 0) continue;
    throw place.child(field).fault("is an empty list: nothing would run", `Leave it out, or name ${field}`);
  }
  requireOnce(spec.strategies, place.child("strategies"));
  requireOnce(spec.seeds, place.child("seeds"));
  return spec;
}

/** Runs that are the very same would count twice in means and make them look surer than they are. */
function requireOnce(texts: readonly string[], place: Place): void {
  const index = texts.findIndex((text, at) => texts.indexOf(text) !== at);
  if (index >= 0)
    throw place.child(index).fault(`"${texts[index]}" is there twice`, "Take one of the two out");
}

/** Generators of one name would draw the same, and make pods of the same names. */
function requireOwnNames({ workload }: ScenarioSpec, place: Place): void {
  const names = new Set<string>();
  for (const [index, source] of workload.entries()) {
    if ("file" in source) continue;
    if (names.has(source.name)) {
      const problem = `"${source.name}" is the name of another generator`;
      throw place.child("workload").child(index).child("name").fault(problem, "Give each a name of its own");
    }
    names.add(source.name);
  }
}

function placeIn(
  fault: (keys: readonly (string | number)[], problem: string, hint?: string) => Error,
  keys: readonly (string | number)[] = [],
): Place {
  return {
    path: pathText(keys),
    fault: (problem, hint) => fault(keys, problem, hint),
    child: (key) => placeIn(fault, [...keys, key]),
  };
}

function pathText(keys: readonly (string | number)[]): string {
  return keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

function nodeAt(
  document: Document.Parsed,
  keys: readonly (string | number)[],
): { readonly range?: [number] } | undefined {
  return document.getIn(keys, true) as { readonly range?: [number] } | undefined;
}
