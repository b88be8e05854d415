import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A pod or job: what it asks for, in whole units, when it comes and how long it runs (seconds; infinite: for ever). */
export interface PlainPod {
  readonly id: string;
  readonly asks: readonly number[];
  readonly atS: number;
  readonly runS: number;
}

/** A node or machine: what it has, in the units of the pods. */
export interface PlainNode {
  readonly name: string;
  readonly has: readonly number[];
}

/** Which columns of openb are looked at: `cpu_milli` first, for the strategies compare CPU. */
export type PlainColumns = readonly ["cpu_milli"] | readonly ["cpu_milli", "memory_mib"];

/** Rows 0, N, 2N, ... of an openb node list. */
export function plainNodes(file: string, columns: PlainColumns, every: number): readonly PlainNode[] {
  const rows = table(file).filter((_, index) => index % every === 0);
  return rows.map((row) => ({ name: row.sn as string, has: columns.map((name) => Number(row[name])) }));
}

/** The first rows of an openb pod list; with `hasTimes` from creation to deletion, else there at once and for ever. */
export function plainPods(
  file: string,
  columns: PlainColumns,
  limit = Infinity,
  hasTimes = false,
): PlainPod[] {
  return table(file)
    .slice(0, limit)
    .map((row) => ({
      id: row.name as string,
      asks: columns.map((name) => Number(row[name])),
      atS: hasTimes ? Number(row.creation_time) : 0,
      runS: hasTimes ? Number(row.deletion_time) - Number(row.scheduled_time || row.creation_time) : Infinity,
    }));
}

/** The jobs of a log in the standard workload format that a machine of so many processors can run. */
export function plainJobs(file: string, processors: number, limit = Infinity): PlainPod[] {
  const lines = textOf(file)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith(";"));
  return lines
    .slice(0, limit)
    .map((line) => line.split(/\s+/))
    .map((fields) => ({
      id: fields[0] as string,
      atS: Number(fields[1]),
      runS: Number(fields[3]),
      asks: [Number(fields[4])],
    }))
    .filter(({ runS, asks: [wanted = 0] }) => runS > 0 && wanted > 0 && wanted <= processors);
}

function table(file: string): Record<string, string>[] {
  const [header = "", ...lines] = textOf(file).trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
  });
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}
