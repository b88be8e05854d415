import { DEVICE_MILLI, GPU_MILLI } from "../../api/gpu.ts";
import type { PodSpec } from "../../api/kinds/pod.ts";
import { labelValueFault } from "../../api/names.ts";
import { Label } from "../../api/well-known.ts";
import { FileFault } from "../../lib/file-fault.ts";
import { type CsvRow, type CsvTable, columnOf } from "./csv.ts";

/** The GPUs of a node list's row. */
export interface NodeGpus {
  readonly capacity: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a pod list's row wants of GPUs. */
export interface PodGpus {
  readonly requests: Readonly<Record<string, string>>;
  readonly affinity?: NonNullable<PodSpec["affinity"]>;
}

const MOST_DEVICES = 1_000;
const NOT_SAID = new Set(["", "nan"]);

/** Reads `gpu` (how many devices) and `model`. */
export function nodeGpuReader(file: string, table: CsvTable): (row: CsvRow) => NodeGpus {
  const gpu = requireColumn(file, table, "gpu");
  const model = table.header.indexOf("model");
  return (row) => {
    const devices = count(file, row, gpu, "gpu", MOST_DEVICES);
    if (devices === 0) return { capacity: {}, labels: {} };
    const [name] = model < 0 ? [] : modelsOf(file, row, model, "model");
    return {
      capacity: { [GPU_MILLI]: String(devices * DEVICE_MILLI) },
      labels: name === undefined ? {} : { [Label.gpuModel]: name },
    };
  };
}

/** Reads `num_gpu`, `gpu_milli` (a share, when it is one GPU) and `gpu_spec` (models that will do, between `|`). */
export function podGpuReader(file: string, table: CsvTable): (row: CsvRow) => PodGpus {
  const devicesAt = requireColumn(file, table, "num_gpu");
  const milliAt = requireColumn(file, table, "gpu_milli");
  const models = table.header.indexOf("gpu_spec");
  return (row) => {
    const devices = count(file, row, devicesAt, "num_gpu", MOST_DEVICES);
    if (devices === 0) return { requests: {} };
    const milli = count(file, row, milliAt, "gpu_milli", DEVICE_MILLI);
    if (milli === 0 || (devices > 1 && milli < DEVICE_MILLI)) {
      const problem = `gpu_milli is ${milli} of each of ${devices} GPUs; a share is of one GPU, from 1 to 1000`;
      throw new FileFault(file, row.line, columnOf(row.cells, milliAt), problem);
    }
    const wanted = models < 0 ? [] : modelsOf(file, row, models, "gpu_spec");
    return {
      requests: { [GPU_MILLI]: String(devices * milli) },
      ...(wanted.length > 0 && { affinity: onModels(wanted) }),
    };
  };
}

function requireColumn(file: string, { header }: CsvTable, name: string): number {
  const at = header.indexOf(name);
  if (at >= 0) return at;
  throw new FileFault(file, 1, 1, `has no column ${name}`, "Without GPUs: --resources cpu,memory");
}

function count(file: string, row: CsvRow, at: number, name: string, most: number): number {
  const text = row.cells[at] as string;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  const problem = `${name} "${text}" is not a whole number from 0 to ${most}`;
  throw new FileFault(file, row.line, columnOf(row.cells, at), problem);
}

function modelsOf(file: string, row: CsvRow, at: number, name: string): string[] {
  const texts = (row.cells[at] as string).split("|").map((text) => text.trim());
  const models = [...new Set(texts)].filter((text) => !NOT_SAID.has(text));
  const wrong = models.find((text) => labelValueFault(text) !== undefined);
  if (wrong === undefined) return models;
  throw new FileFault(
    file,
    row.line,
    columnOf(row.cells, at),
    `${name} "${wrong}" cannot be the value of a label`,
  );
}

function onModels(models: readonly string[]): NonNullable<PodSpec["affinity"]> {
  const matchExpressions = [{ key: Label.gpuModel, operator: "In" as const, values: models }];
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  };
}
