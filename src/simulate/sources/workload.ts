import type { Pod } from "../../api/kinds/pod.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { Annotation } from "../../api/well-known.ts";
import { counted } from "../../lib/counted.ts";
import { parseDuration } from "../../lib/duration.ts";
import { FileFault } from "../../lib/file-fault.ts";
import { objectsAsNew } from "../files/as-new.ts";
import { checkedDraft } from "../files/checked-draft.ts";
import { readCsv } from "../files/csv.ts";
import { readManifests } from "../files/manifests.ts";
import { openbKind, readOpenb, readOpenbTimes } from "../files/openb.ts";
import { readInput } from "../files/read-input.ts";
import { looksLikeSwf, readSwf, type SwfJob } from "../files/swf.ts";
import type { Arrival, Requests } from "../prepared.ts";
import type { WorkloadFile } from "../scenario/scenario.ts";
import { someOf } from "../some-of.ts";
import { withDuration } from "./pod-of.ts";

/** What a file brings, and what is worth telling of it. */
export interface FileWorkload {
  readonly arrivals: readonly Arrival[];
  readonly warnings: readonly string[];
}

/** A kind of workload file. One entry in `FORMATS`, told by its content. */
interface WorkloadFormat {
  readonly name: string;
  matches(file: string, text: string): boolean;
  read(source: WorkloadFile, text: string, largestCpu: number): FileWorkload;
}

const openb: WorkloadFormat = {
  name: "openb pod list",
  matches(file, text) {
    const firstLine = (text.split("\n", 1)[0] as string).trim().replace(/^\uFEFF/, "");
    return /\.csv(\.gz)?$/i.test(file) || openbKind(firstLine.split(",")) !== undefined;
  },
  read(source, text) {
    const { file, arrivals = "trace" } = source;
    const table = readCsv(file, text);
    if (openbKind(table.header) === "nodes") {
      throw new FileFault(file, 1, 1, "is a list of nodes, not of pods", "Give it with --nodes");
    }
    const rows = { ...table, rows: table.rows.slice(0, source.limit) };
    const drafts = readOpenb(file, rows, { resources: new Set(source.resources), namespace: "default" });
    const times = arrivals === "trace" ? readOpenbTimes(file, rows) : undefined;
    return {
      arrivals: drafts.map(({ draft, line }, index) => {
        const row = times?.[index];
        const pod = draft as unknown as Draft<Pod>;
        const timed = row === undefined ? pod : withDuration(pod, row.durationMs);
        return { id: draft.metadata.name as string, atMs: row?.atMs ?? 0, draft: timed, isOwn: true, line };
      }),
      warnings: [],
    };
  },
};

const swf: WorkloadFormat = {
  name: "log in the standard workload format",
  matches: looksLikeSwf,
  read(source, text, largestCpu) {
    const { file, arrivals: wanted = "trace" } = source;
    const jobs = readSwf(file, text).slice(0, source.limit);
    const runnable = jobs.filter(
      ({ runS, processors }) => runS > 0 && processors > 0 && processors * 1_000 <= largestCpu,
    );
    const requests = new Map<number, Requests>();
    const arrivals = runnable.map(({ id, submitS, runS, processors }) => {
      const asked = requests.get(processors) ?? { cpu: String(processors) };
      requests.set(processors, asked);
      const isTimed = wanted === "trace";
      return {
        id,
        atMs: isTimed ? submitS * 1_000 : 0,
        name: `job-${id}`,
        requests: asked,
        durationMs: isTimed ? runS * 1_000 : undefined,
      };
    });
    return { arrivals, warnings: jobsLeftOut(file, jobs, largestCpu) };
  },
};

/** Why jobs cannot be run, each with the field that says so; the first that is true counts. */
function jobsLeftOut(file: string, jobs: readonly SwfJob[], largestCpu: number): readonly string[] {
  const most = largestCpu / 1_000;
  const noTime = jobs.filter(({ runS }) => runS <= 0);
  const timed = jobs.filter(({ runS }) => runS > 0);
  const noProcessors = timed.filter(({ processors }) => processors <= 0);
  const large = timed.filter(({ processors }) => processors > 0 && processors * 1_000 > largestCpu);
  const warning = (left: readonly SwfJob[], why: string, value: (job: SwfJob) => number) => {
    if (left.length === 0) return [];
    const count = left.length === 1 ? "1 job is left out" : `${left.length} jobs are left out`;
    return [
      `${file}: ${count}: ${why}: ${someOf(
        left.map((job) => `line ${job.line} (${value(job)})`),
        ", ",
      )}`,
    ];
  };
  return [
    ...warning(noTime, "field 4 (run) says no run time", ({ runS }) => runS),
    ...warning(
      noProcessors,
      "fields 5 (processors) and 8 (requested) say none",
      ({ processors }) => processors,
    ),
    ...warning(
      large,
      `field 5 (processors) is more than any node has (${most})`,
      ({ processors }) => processors,
    ),
  ];
}

const manifests: WorkloadFormat = {
  name: "file of Kubernetes manifests",
  matches: () => true,
  read({ file, limit, arrivals }, text) {
    const all = readManifests(file, text, "default");
    const others = all.filter(({ kind }) => kind.kind !== "Node");
    const fresh = objectsAsNew(others.slice(0, limit));
    const objects = fresh.objects.map(checkedDraft);
    const node = all[0];
    // A dump of a whole cluster has both.
    if (node !== undefined && others.length === 0) {
      throw new FileFault(
        file,
        node.line,
        undefined,
        "is a Node, not part of a workload",
        "Give it with --nodes",
      );
    }
    const timed = arrivals !== "none" && objects.some(({ draft }) => arrivalOf(draft) !== undefined);
    if (arrivals === "trace" && !timed) {
      const problem = "is a manifest, which has no times";
      const hint = `Use --arrivals none, or give its objects the annotation ${Annotation.arrival}`;
      throw new FileFault(file, undefined, undefined, problem, hint);
    }
    const arriving = objects.map(({ draft, line }) => ({
      id: draft.metadata.name as string,
      atMs: timed ? arrivalMs(file, line, draft) : 0,
      draft: withoutArrival(draft),
      isOwn: false,
      line,
    }));
    const nodes = all.length - others.length;
    const notes = nodes === 0 ? [] : [`${counted(nodes, "node")} left to --nodes`];
    return { arrivals: arriving, warnings: [...notes, ...fresh.notes].map((note) => `${file}: ${note}`) };
  },
};

function arrivalOf({ metadata }: Draft<KubeObject>): string | undefined {
  return metadata.annotations?.[Annotation.arrival];
}

function arrivalMs(file: string, line: number, draft: Draft<KubeObject>): number {
  const text = arrivalOf(draft) ?? "0s";
  const atMs = parseDuration(text);
  if (atMs !== undefined) return atMs;
  const problem = `metadata.annotations: ${Annotation.arrival} "${text}" is no time since the start`;
  throw new FileFault(file, line, undefined, problem, "Write it like 90s, 10m or 1h30m");
}

function withoutArrival(draft: Draft<KubeObject>): Draft<KubeObject> {
  if (arrivalOf(draft) === undefined) return draft;
  const { [Annotation.arrival]: _, ...annotations } = draft.metadata.annotations ?? {};
  return { ...draft, metadata: { ...draft.metadata, annotations } };
}

/** Every kind of workload file, the most particular first. */
const FORMATS: readonly WorkloadFormat[] = [openb, swf, manifests];

/**
 * Reads a workload file, whatever its kind.
 * @param largestCpu of any node, in milli
 */
export function readWorkload(source: WorkloadFile, largestCpu: number): FileWorkload {
  const text = readInput(source.file);
  const format = FORMATS.find((candidate) => candidate.matches(source.file, text)) as WorkloadFormat;
  const workload = format.read(source, text, largestCpu);
  if (workload.arrivals.length > 0) return workload;
  const why = workload.warnings.map((warning) => warning.slice(source.file.length + 2)).join("; ");
  const problem = why === "" ? `is an empty ${format.name}` : `brings nothing to place: ${why}`;
  throw new FileFault(source.file, undefined, undefined, problem);
}
