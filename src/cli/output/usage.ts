import { amountText } from "../capacity.ts";
import type { ResourceUse, UseRow } from "../usage-rows.ts";

/** Cells under a header. */
export interface UsageTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table of what nodes or pods use. */
export function usageTable(
  rows: readonly UseRow[],
  { isOfPods, withNamespace }: { readonly isOfPods: boolean; readonly withNamespace: boolean },
): UsageTable {
  const columns = [
    ...(withNamespace ? [NAMESPACE] : []),
    ...COLUMNS,
    isOfPods ? column("NODE", ({ node }) => node) : column("PODS", ({ pods }) => String(pods)),
  ];
  return {
    header: columns.map(({ header }) => header),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row) ?? "<unknown>")),
  };
}

interface UsageColumn {
  readonly header: string;
  readonly cell: (row: UseRow) => string | undefined;
}

const NAMESPACE = column("NAMESPACE", ({ namespace }) => namespace);
const COLUMNS: readonly UsageColumn[] = [
  column("NAME", ({ name }) => name),
  column("CPU", ({ cpu }) => cpu?.used),
  column("CPU%", ({ cpu }) => shareText(cpu)),
  column("MEMORY", ({ memory }) => memory && amountText("memory", memory.amount)),
  column("MEMORY%", ({ memory }) => shareText(memory)),
];

function column(header: string, cell: UsageColumn["cell"]): UsageColumn {
  return { header, cell };
}

/** Whole percent from ten on, one decimal below: small pods on large nodes would all be 0 %. */
function shareText(use: ResourceUse | undefined): string | undefined {
  if (use?.share === undefined) return undefined;
  const percent = use.share * 100;
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)}%`;
}
