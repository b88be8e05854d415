import type { ChaosContext } from "../../chaos/context.ts";
import { runChaos } from "../../chaos/engine.ts";
import type { ChaosEvent } from "../../chaos/events.ts";
import type { ChaosOptions } from "../../chaos/options.ts";
import { assertKubesim } from "../../chaos/refusal.ts";
import { makeReport } from "../../chaos/report/make-report.ts";
import { type ChaosInput, validateChaosOptions } from "../../chaos/validate-options.ts";
import { createRandom } from "../../lib/random.ts";
import { ChaosDisplay } from "../chaos/display.ts";
import { exitOf } from "../chaos/exit.ts";
import { printReport } from "../chaos/print-report.ts";
import { recordRun, requireFile } from "../chaos/record.ts";
import { RunLog } from "../chaos/run-log.ts";
import { requireFolder, requireFormats, writeReports } from "../chaos/write-reports.ts";
import { readClock } from "../cluster-clock.ts";
import type { CommandContext, CommandInput, CommandRun } from "../command.ts";
import { type ConnectedCluster, withCluster } from "../connection.ts";
import { CommandError, UsageError } from "../errors.ts";
import { refuseNames } from "../output/refuse-names.ts";

export const run: CommandRun = async (context, input) => {
  refuseNames(context.globals.output, "Reports");
  if (input.virtual === true) {
    const { runVirtual } = await import("./chaos-virtual.ts");
    return runVirtual(context, input);
  }
  refuseSceneOptions(input);
  const options = readOptions(input);
  const formats = requireFormats(input.report as string | undefined);
  const folder = (input.out as string | undefined) ?? ".";
  await requireFolder(folder, formats);
  const record = input.record as string | undefined;
  await withCluster(context, async (cluster) => {
    await assertMayHurt(cluster, input.allowRemote === true);
    await requireFile(record);
    const { events, display } = await performChaos(context, cluster, options, input.plain === true);
    const report = makeReport(events);
    await printReport(context, report, { eventsOnStdout: display.writesEvents });
    await writeReports(context, report, formats, folder, events);
    await recordRun(context, record, events);
    exitOf(report);
  });
};

/** Runs chaos with its display and its event log. */
async function performChaos(
  context: CommandContext,
  { objects }: Pick<ConnectedCluster, "objects">,
  options: ChaosOptions,
  plain: boolean,
): Promise<{ events: readonly ChaosEvent[]; display: ChaosDisplay }> {
  const events: ChaosEvent[] = [];
  const display = new ChaosDisplay(context, plain);
  const log = new RunLog(context);
  const onEvent = (event: ChaosEvent) => {
    events.push(event);
    display.take(event);
    // Nothing is kept of rehearsals, nor of runs in a cluster that is gone afterwards.
    if (!options.dryRun && context.cluster === undefined) log.take(event);
  };
  const chaosContext: ChaosContext = {
    objects,
    clock: context.clock,
    random: createRandom(`${context.clock.now()}/${context.clock.monotonicMs()}/${process.pid}`),
    signal: context.signal,
    onEvent,
  };
  try {
    await runChaos(chaosContext, options);
    return { events, display };
  } finally {
    display.end();
    await log.close();
  }
}

async function assertMayHurt(cluster: ConnectedCluster, allowRemote: boolean): Promise<void> {
  const { hostname } = new URL(cluster.url);
  const loopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  assertKubesim(await cluster.version(), { loopback, allowRemote });
  await refuseVirtualTime(cluster);
}

/** Its ticks are real; in a cluster whose time is held or runs at another speed they would mean nothing. */
async function refuseVirtualTime({ objects }: ConnectedCluster): Promise<void> {
  const clock = await readClock(objects);
  if (clock === undefined || clock.spec.mode === "Real") return;
  throw new CommandError("This cluster lives in virtual time, and chaos ticks in real time", {
    reason: "VirtualTime",
    hint: "Break a cluster of its own in virtual time: kubesim chaos --virtual; or single nodes: kubesim nodes kill",
  });
}

/** They make a cluster, and here there is one. */
function refuseSceneOptions(input: CommandInput): void {
  for (const name of ["pods", "node", "pod", "strategy", "timing"]) {
    if (input[name] !== undefined)
      throw new UsageError(`--${name} is for chaos in virtual time`, "Give --virtual, too");
  }
}

/** Reads the flags. Fails with UsageError. */
export function readOptions(input: CommandInput): ChaosOptions {
  const validated = validateChaosOptions(input as ChaosInput);
  if (validated.ok) return validated.options;
  const [first, ...others] = validated.errors;
  const more = others.map(({ option, message }) => `; ${option} ${message}`).join("");
  throw new UsageError(`${first?.option} ${first?.message}${more}`, capitalized(first?.hint ?? ""));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
