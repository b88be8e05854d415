import { digestOf } from "../../chaos/event-log.ts";
import type { ChaosEvent } from "../../chaos/events.ts";
import type { ChaosOptions } from "../../chaos/options.ts";
import { makeReport } from "../../chaos/report/make-report.ts";
import { reportAsText } from "../../chaos/report/text.ts";
import { formatDuration } from "../../lib/duration.ts";
import { createRandom } from "../../lib/random.ts";
import { type ChaosScene, runVirtualChaos } from "../../simulate/chaos/virtual-chaos.ts";
import type { Shape } from "../../simulate/shape.ts";
import { exitOf } from "../chaos/exit.ts";
import { recordRun, requireFile } from "../chaos/record.ts";
import { requireFolder, requireFormats, writeReports } from "../chaos/write-reports.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { commandLine } from "../command-line.ts";
import { chaos as chaosCommand } from "../commands/chaos.ts";
import { CommandError, UsageError } from "../errors.ts";
import { printValue } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { requireBuiltIn } from "../strategy-names.ts";
import { readOptions } from "./chaos.ts";

const NODE: Shape = { cpu: "16", memory: "64Gi" };
const POD: Shape = { cpu: "1", memory: "1Gi" };
const DEFAULT_NODES = 10;
const NODES_MAX = 100_000;
const PODS_PER_NODE = 10;
/** The report is made of all events, which are kept for it. */
const EVENTS_MAX = 3_000_000;

/** `kubesim chaos --virtual`: the same engine, on a private cluster in virtual time. */
export async function runVirtual(context: CommandContext, input: CommandInput): Promise<void> {
  const { io, clock } = context;
  const scene = readScene(input);
  const chaos = withSeed(readOptions({ ...input, nodes: undefined }), context);
  const formats = requireFormats(input.report as string | undefined);
  const folder = (input.out as string | undefined) ?? ".";
  await requireFolder(folder, formats);
  const record = input.record as string | undefined;
  await requireFile(record);
  io.note(io.paint("dim", `seed ${chaos.seed}; the same seed gives the same run, byte for byte`, "stderr"));
  const startMs = clock.monotonicMs();
  const events = await perform(context, scene, chaos);
  const tookMs = clock.monotonicMs() - startMs;
  await print(context, events);
  sayHow(context, events, tookMs);
  await writeReports(context, events, formats, folder);
  await recordRun(context, record, events);
  sayHowToRepeat(context, input, events, chaos.seed);
  exitOf(events);
}

async function perform(
  { io, clock, signal }: CommandContext,
  scene: ChaosScene,
  chaos: ChaosOptions & { readonly seed: string },
): Promise<readonly ChaosEvent[]> {
  const events: ChaosEvent[] = [];
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const bar = new ProgressBar(io, clock, "Chaos", Math.round(chaos.durationMs / 1_000));
  const onEvent = (event: ChaosEvent) => {
    events.push(event);
    if (events.length > EVENTS_MAX) stop.abort();
  };
  const onProgress = (elapsedMs: number) => bar.update(Math.min(elapsedMs, chaos.durationMs) / 1_000);
  try {
    await runVirtualChaos({ scene, chaos, signal: stop.signal, onEvent, onProgress });
  } finally {
    bar.end();
    signal.removeEventListener("abort", onAbort);
  }
  if (events.length > EVENTS_MAX) throw tooMany();
  return events;
}

function tooMany(): Error {
  const most = EVENTS_MAX.toLocaleString("en-US");
  return new CommandError(`The run makes more than ${most} events, more than a report can be made of`, {
    hint: "Take a shorter --duration, a longer --tick or a smaller --failure-prob",
    reason: "TooManyEvents",
  });
}

async function print(context: CommandContext, events: readonly ChaosEvent[]): Promise<void> {
  const { io, globals } = context;
  const report = makeReport(events);
  if (globals.output !== "table" && globals.output !== "wide") {
    return printValue(context, { ...report, eventLogSha256: digestOf(events) });
  }
  io.stdout.write(reportAsText(report));
  io.result(`\nEvent log  ${events.length.toLocaleString("en-US")} events, sha256 ${digestOf(events)}`);
}

function sayHow({ io }: CommandContext, events: readonly ChaosEvent[], tookMs: number): void {
  const virtualMs = events.at(-1)?.t ?? 0;
  const times = Math.round(virtualMs / Math.max(1, tookMs)).toLocaleString("en-US");
  io.note(`${formatDuration(virtualMs)} of virtual time in ${formatDuration(tookMs)}: ${times} x real time`);
}

/** An invariant that does not hold is a defect of kubesim; whoever mends it needs to see it happen. */
function sayHowToRepeat(
  { io }: CommandContext,
  input: CommandInput,
  events: readonly ChaosEvent[],
  seed: string,
): void {
  if (makeReport(events).verdict !== "invariant-violated") return;
  io.note(`An invariant of kubesim was violated (seed ${seed}). See it again with:`);
  io.note(`  ${commandLine(chaosCommand, answersOf({ ...input, seed }))}`);
}

/** The input as it was typed. */
function answersOf(input: CommandInput): Parameters<typeof commandLine>[1] {
  const texts = Object.entries(input).map(([name, value]) => {
    if (value === undefined || value === false || (Array.isArray(value) && value.length === 0))
      return [name, undefined];
    if (value === true || Array.isArray(value)) return [name, value];
    return [name, typeof value === "object" ? shapeText(value as Shape) : String(value)];
  });
  return Object.fromEntries(texts);
}

function shapeText(shape: Shape): string {
  return Object.entries(shape)
    .map(([name, quantity]) => `${name}=${quantity}`)
    .join(",");
}

function withSeed(
  options: ChaosOptions,
  { clock }: CommandContext,
): ChaosOptions & { readonly seed: string } {
  const drawn = () =>
    String(createRandom(`${clock.now()}/${clock.monotonicMs()}/${process.pid}`).below(2 ** 31));
  return { ...options, seed: options.seed ?? drawn() };
}

function readScene(input: CommandInput): ChaosScene {
  const nodes = readNodes(input.nodes as string | undefined);
  const { strategy, timing } = input as { strategy?: string; timing?: string };
  if (strategy !== undefined) requireBuiltIn(strategy);
  return {
    nodes,
    pods: (input.pods as number | undefined) ?? nodes * PODS_PER_NODE,
    node: (input.node as Shape | undefined) ?? NODE,
    pod: (input.pod as Shape | undefined) ?? POD,
    ...(strategy !== undefined && { strategy }),
    ...(timing !== undefined && { timingProfile: timing }),
  };
}

function readNodes(text: string | undefined): number {
  if (text === undefined) return DEFAULT_NODES;
  const count = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= NODES_MAX) return count;
  throw new UsageError(
    `--nodes "${text}" is not a number of nodes`,
    `With --virtual, write how many: 1 to ${NODES_MAX}; choose among them with --select or --exclude`,
  );
}
