import type { Kind } from "../../api/kind.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { Draft } from "../../api/meta.ts";
import { dnsSubdomainFault } from "../../api/names.ts";
import { FileFault } from "../../lib/file-fault.ts";
import { type CsvRow, type CsvTable, columnOf } from "./csv.ts";
import type { LoadedDraft } from "./draft.ts";
import { type NodeGpus, nodeGpuReader, type PodGpus, podGpuReader } from "./openb-gpu.ts";

/** A resource of openb rows. */
export type OpenbResource = "cpu" | "memory" | "gpu";

/** What openb rows are turned into. */
export interface OpenbOptions {
  /** What pods ask for; nodes always have CPU and memory, and GPUs when they stand here. */
  readonly resources: ReadonlySet<OpenbResource>;
  readonly namespace: string;
}

const NODE_COLUMNS = ["sn", "cpu_milli", "memory_mib"];
const POD_COLUMNS = ["name", "cpu_milli", "memory_mib"];
/** openb's nodes do not say how many pods they take; no pod of the lists is kept out by this. */
const MAX_PODS = "100000";
const LARGEST = 2 ** 40;

/** Which list a CSV file is, told by its header; undefined when it is neither. */
export function openbKind(header: readonly string[]): "nodes" | "pods" | undefined {
  if (NODE_COLUMNS.every((name) => header.includes(name))) return "nodes";
  if (POD_COLUMNS.every((name) => header.includes(name))) return "pods";
  return undefined;
}

/** Turns a node or pod list of the openb traces into objects; fails with the first row that makes no sense. */
export function readOpenb(file: string, table: CsvTable, options: OpenbOptions): LoadedDraft[] {
  const kind = openbKind(table.header);
  if (kind === undefined) {
    throw new FileFault(
      file,
      1,
      1,
      `is no openb list: its columns are ${table.header.join(", ") || "none"}`,
      "A node list has sn, cpu_milli and memory_mib; a pod list has name, cpu_milli and memory_mib",
    );
  }
  const seen = new Map<string, number>();
  const column = (name: string) => table.header.indexOf(name);
  const at = {
    name: column(kind === "nodes" ? "sn" : "name"),
    cpu: column("cpu_milli"),
    memory: column("memory_mib"),
  };
  const withGpus = options.resources.has("gpu");
  const gpusOfNode = withGpus && kind === "nodes" ? nodeGpuReader(file, table) : undefined;
  const gpusOfPod = withGpus && kind === "pods" ? podGpuReader(file, table) : undefined;
  return table.rows.map((row) => {
    const name = nameOf(file, row, at.name, seen);
    const cpuMilli = amount(file, row, at.cpu, "cpu_milli");
    const memoryMib = amount(file, row, at.memory, "memory_mib");
    const draft =
      kind === "nodes"
        ? nodeOf(name, cpuMilli, memoryMib, gpusOfNode?.(row))
        : podOf(name, cpuMilli, memoryMib, options, gpusOfPod?.(row));
    const of = (kind === "nodes" ? nodes : pods) as unknown as Kind;
    return { kind: of, draft, file, line: row.line };
  });
}

function nameOf(file: string, row: CsvRow, at: number, seen: Map<string, number>): string {
  const name = row.cells[at] as string;
  const column = columnOf(row.cells, at);
  if (dnsSubdomainFault(name) !== undefined) {
    throw new FileFault(file, row.line, column, `"${name}" cannot be the name of an object`);
  }
  const before = seen.get(name);
  if (before !== undefined) {
    throw new FileFault(file, row.line, column, `"${name}" is already on line ${before}`);
  }
  seen.set(name, row.line);
  return name;
}

function amount(file: string, row: CsvRow, at: number, name: string): number {
  const text = row.cells[at] as string;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= LARGEST) return value;
  throw new FileFault(
    file,
    row.line,
    columnOf(row.cells, at),
    `${name} "${text}" is not a whole number from 0`,
  );
}

/** When a row's pod came and how long it ran, in ms; `undefined` when it never ended. */
export interface RowTimes {
  readonly atMs: number;
  readonly durationMs: number;
}

/**
 * The times of a pod list, in the order of its rows: it comes at `creation_time` and runs from `scheduled_time` (when
 * that is missing: from its creation) to `deletion_time`, all in seconds.
 */
export function readOpenbTimes(file: string, table: CsvTable): readonly RowTimes[] {
  const column = (name: string) => {
    const at = table.header.indexOf(name);
    if (at >= 0) return at;
    throw new FileFault(file, 1, 1, `has no column ${name}`, "Without times: --arrivals none");
  };
  const [created, deleted] = [column("creation_time"), column("deletion_time")];
  const scheduled = table.header.indexOf("scheduled_time");
  let lastS = 0;
  return table.rows.map((row) => {
    const createdS = amount(file, row, created, "creation_time");
    const deletedS = amount(file, row, deleted, "deletion_time");
    const fault = (at: number, problem: string) =>
      new FileFault(file, row.line, columnOf(row.cells, at), problem);
    if (createdS < lastS)
      throw fault(created, `creation_time ${createdS} is before the row above (${lastS})`);
    lastS = createdS;
    const isScheduled = scheduled >= 0 && row.cells[scheduled] !== "";
    const startedS = isScheduled ? amount(file, row, scheduled, "scheduled_time") : createdS;
    if (deletedS < startedS)
      throw fault(deleted, `deletion_time ${deletedS} is before its start (${startedS})`);
    return { atMs: createdS * 1_000, durationMs: (deletedS - startedS) * 1_000 };
  });
}

function nodeOf(name: string, cpuMilli: number, memoryMib: number, gpus?: NodeGpus): Draft<Node> {
  const capacity = { cpu: cpuText(cpuMilli), memory: `${memoryMib}Mi`, ...gpus?.capacity, pods: MAX_PODS };
  const labels = gpus?.labels ?? {};
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, ...(Object.keys(labels).length > 0 && { labels }) },
    spec: {},
    status: { capacity, allocatable: capacity },
  };
}

function podOf(
  name: string,
  cpuMilli: number,
  memoryMib: number,
  options: OpenbOptions,
  gpus: PodGpus = { requests: {} },
): Draft<Pod> {
  const requests: Record<string, string> = { ...gpus.requests };
  const hasGpus = Object.keys(requests).length > 0;
  if (options.resources.has("cpu")) requests.cpu = cpuText(cpuMilli);
  if (options.resources.has("memory")) requests.memory = `${memoryMib}Mi`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: options.namespace },
    spec: {
      containers: [
        {
          name: "main",
          image: "registry.k8s.io/pause:3.10",
          // Devices cannot be overcommitted: they need a limit.
          resources: { requests, ...(hasGpus && { limits: gpus.requests }) },
        },
      ],
      ...(gpus.affinity && { affinity: gpus.affinity }),
    },
    status: { phase: "Pending" },
  };
}

function cpuText(cpuMilli: number): string {
  return cpuMilli % 1_000 === 0 ? String(cpuMilli / 1_000) : `${cpuMilli}m`;
}
