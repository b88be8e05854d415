import type { ChaosEvent } from "../../chaos/events.ts";
import type { ChaosOptions } from "../../chaos/options.ts";
import type { ChaosReport } from "../../chaos/report/report.ts";
import { reportAsText } from "../../chaos/report/text.ts";
import { formatDuration } from "../../lib/duration.ts";
import { createRandom } from "../../lib/random.ts";
import { type ChaosScene, runVirtualChaos } from "../../simulate/chaos/virtual-chaos.ts";
import type { Shape } from "../../simulate/shape.ts";
import { exitOf } from "../chaos/exit.ts";
import { VirtualRunLog } from "../chaos/virtual-run-log.ts";
import { requireFolder, requireFormats, runLogIn, writeReports } from "../chaos/write-reports.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { commandLine } from "../command-line.ts";
import { chaos as chaosCommand } from "../commands/chaos.ts";
import { UsageError } from "../errors.ts";
import { printValue } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { requireBuiltIn } from "../strategy-names.ts";
import { readOptions } from "./chaos.ts";

const NODE: Shape = { cpu: "16", memory: "64Gi" };
const POD: Shape = { cpu: "1", memory: "1Gi" };
const DEFAULT_NODES = 10;
const NODES_MAX = 100_000;
const PODS_PER_NODE = 10;
/** `kubesim chaos --virtual`: the same engine, on a private cluster in virtual time. */
export async function runVirtual(context: CommandContext, input: CommandInput): Promise<void> {
  const { io, clock } = context;
  const scene = readScene(input);
  const chaos = withSeed(readOptions({ ...input, nodes: undefined }), context);
  const formats = requireFormats(input.report as string | undefined);
  const folder = (input.out as string | undefined) ?? ".";
  await requireFolder(folder, formats);
  const record = input.record as string | undefined;
  const log = new VirtualRunLog([record, formats.length > 0 ? runLogIn(folder) : undefined]);
  io.note(io.paint("dim", `seed ${chaos.seed}; the same seed gives the same run, byte for byte`, "stderr"));
  const startMs = clock.monotonicMs();
  await perform(context, scene, chaos, log);
  const tookMs = clock.monotonicMs() - startMs;
  const report = log.report();
  await print(context, report, log);
  sayHow(context, report, tookMs);
  await writeReports(context, report, formats, folder);
  if (record !== undefined) {
    const again = `report on them with: kubesim chaos report ${record}`;
    io.note(`Recorded ${log.events} events in ${record}; ${again}`);
  }
  if (report.verdict === "invariant-violated") sayHowToRepeat(context, input, chaos.seed);
  exitOf(report);
}

async function perform(
  { io, clock, signal }: CommandContext,
  scene: ChaosScene,
  chaos: ChaosOptions & { readonly seed: string },
  log: VirtualRunLog,
): Promise<void> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const bar = new ProgressBar(io, clock, "Chaos", Math.round(chaos.durationMs / 1_000));
  const onEvent = (event: ChaosEvent) => {
    if (!log.add(event)) stop.abort();
  };
  const onProgress = (elapsedMs: number) => bar.update(Math.min(elapsedMs, chaos.durationMs) / 1_000);
  try {
    await runVirtualChaos({ scene, chaos, signal: stop.signal, onEvent, onProgress });
  } finally {
    bar.end();
    signal.removeEventListener("abort", onAbort);
    log.end();
  }
}

async function print(context: CommandContext, report: ChaosReport, log: VirtualRunLog): Promise<void> {
  const { io, globals } = context;
  if (globals.output !== "table" && globals.output !== "wide") {
    return printValue(context, { ...report, eventLogSha256: log.sha256 });
  }
  io.stdout.write(reportAsText(report));
  io.result(`\nEvent log  ${log.events.toLocaleString("en-US")} events, sha256 ${log.sha256}`);
}

function sayHow({ io }: CommandContext, { run }: ChaosReport, tookMs: number): void {
  const times = Math.round(run.durationMs / Math.max(1, tookMs)).toLocaleString("en-US");
  io.note(
    `${formatDuration(run.durationMs)} of virtual time in ${formatDuration(tookMs)}: ${times} x real time`,
  );
}

/** An invariant that does not hold is a defect of kubesim; whoever mends it needs to see it happen. */
function sayHowToRepeat({ io }: CommandContext, input: CommandInput, seed: string): void {
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
