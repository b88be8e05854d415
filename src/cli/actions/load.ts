import { createHash } from "node:crypto";
import type { ApiError } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { KubeObject } from "../../api/meta.ts";
import { counted } from "../../lib/counted.ts";
import type { LoadedDraft } from "../../simulate/files/draft.ts";
import type { OpenbResource } from "../../simulate/files/openb.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { type ConnectedCluster, withCluster, withRunningCluster } from "../connection.ts";
import { CommandError, ExitCode, failureOf } from "../errors.ts";
import { createInOrder, type Loaded } from "../load/create-in-order.ts";
import { kindsDefinedIn } from "../load/defined-kinds.ts";
import { readFiles } from "../load/read-files.ts";
import { printValue } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { isDecided, waitForPods } from "./wait-for-pods.ts";

interface Input {
  readonly file: readonly string[];
  readonly resources: string;
  readonly limit?: number;
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

/** Without --wait, the placement of what is decided by then is shown. */
const BRIEF_WAIT_MS = 2_000;

export const run: CommandRun = async (context, values) => {
  const input = values as unknown as Input;
  const resources = new Set(input.resources.split(",")) as ReadonlySet<OpenbResource>;
  const drafts = await readFiles(context.io, input.file, {
    resources,
    namespace: context.globals.namespace,
    limit: input.limit,
    customKinds: () => customKindsOf(context, input.dryRun),
  });
  if (input.dryRun)
    return report(context, { wouldCreate: countText(drafts) }, `would create ${countText(drafts)}`);
  await withCluster(context, async ({ objects }) => {
    const bar = new ProgressBar(context.io, context.clock, "Creating", drafts.length);
    const loaded = await createInOrder(objects, drafts, context.signal, (done) => bar.update(done));
    bar.end();
    if (loaded.lost !== undefined) throw interruptedLoad(loaded, loaded.lost, drafts.length);
    const created = loaded.created.filter((object): object is Pod => object.kind === pods.kind);
    const until = input.wait ? input.timeout : BRIEF_WAIT_MS;
    const waiting = new ProgressBar(context.io, context.clock, "Placing", created.length);
    const placed = await waitForPods(context, objects, created, isDecided, until, (done) =>
      waiting.update(done),
    );
    waiting.end();
    await conclude(context, input, drafts, loaded, placed);
  });
};

/** A dry run starts no cluster. */
async function customKindsOf(context: CommandContext, isDryRun: boolean): Promise<readonly Kind[]> {
  const read = ({ objects }: ConnectedCluster) => kindsDefinedIn(objects);
  return isDryRun ? ((await withRunningCluster(context, read)) ?? []) : withCluster(context, read);
}

async function conclude(
  context: CommandContext,
  input: Input,
  drafts: readonly LoadedDraft[],
  loaded: Loaded,
  placed: readonly Pod[],
): Promise<void> {
  const undecided = placed.filter((pod) => !isDecided(pod)).length;
  const placement = placementOf(placed);
  const failed = drafts.length - loaded.created.length;
  const lines = [`created ${objectCounts(loaded.created)}`];
  if (placed.length > 0) lines.push(placementLine(placement, undecided));
  await report(context, { created: loaded.created.length, failed, ...placement, undecided }, ...lines);
  if (failed > 0) throw incomplete(loaded, failed);
  if (input.wait && undecided > 0) {
    throw new CommandError(`${undecided} pods have not been tried yet`, {
      hint: "Give it longer: --timeout",
      exitCode: ExitCode.timeout,
      reason: "Timeout",
    });
  }
}

/** Where the pods went. `sha256` is over lines `POD NODE`, `POD -` for a pod without a node, in the files' order. */
interface Placement {
  readonly placed: number;
  readonly pending: number;
  readonly nodesUsed: number;
  readonly sha256: string;
}

/** Sums up where pods went. */
export function placementOf(placed: readonly Pod[]): Placement {
  const hash = createHash("sha256");
  const nodes = new Set<string>();
  let count = 0;
  for (const { metadata, spec } of placed) {
    hash.update(`${metadata.name} ${spec.nodeName ?? "-"}\n`);
    if (spec.nodeName === undefined) continue;
    count++;
    nodes.add(spec.nodeName);
  }
  return { placed: count, pending: placed.length - count, nodesUsed: nodes.size, sha256: hash.digest("hex") };
}

function placementLine({ placed, pending, nodesUsed, sha256 }: Placement, undecided: number): string {
  const open = undecided > 0 ? ` (${undecided} of them not tried yet)` : "";
  const where = `${counted(placed, "pod")} on ${counted(nodesUsed, "node")}`;
  return `placed ${where}, ${pending} pending${open}; sha256 ${sha256}`;
}

function incomplete({ created, failures }: Loaded, failed: number): CommandError {
  const [first] = failures;
  const where =
    first === undefined ? "interrupted" : `${first.draft.file}:${first.draft.line}: ${first.message}`;
  return new CommandError(
    `${failed} of ${created.length + failed} objects were not created. First: ${where}`,
    {
      hint: first?.exists
        ? "Take the old ones away first, or load into another --namespace or --cluster"
        : "Mend it and load again",
      reason: "Incomplete",
    },
  );
}

function interruptedLoad({ created }: Loaded, lost: ApiError, wanted: number): CommandError {
  const { message, hint, exitCode, reason } = failureOf(lost);
  return new CommandError(
    `${created.length} of ${wanted} objects were created for certain, then: ${message}`,
    {
      ...(hint !== undefined && { hint }),
      exitCode,
      reason,
    },
  );
}

async function report(context: CommandContext, value: object, ...lines: string[]): Promise<void> {
  const { io, globals } = context;
  if (globals.output === "json" || globals.output === "jsonl" || globals.output === "yaml") {
    return printValue(context, value);
  }
  for (const line of lines) io.result(line);
}

function objectCounts(created: readonly KubeObject[]): string {
  return eachCounted(created.map(({ kind }) => kind));
}

function countText(drafts: readonly LoadedDraft[]): string {
  return eachCounted(drafts.map(({ kind }) => kind.kind));
}

/** `1523 nodes, 8152 pods`. */
function eachCounted(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => counted(count, kind.toLowerCase()));
  return parts.join(", ") || "nothing";
}
