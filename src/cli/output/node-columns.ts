import { GPU_MILLI } from "../../api/gpu.ts";
import type { Column } from "../../api/kind.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import { Label } from "../../api/well-known.ts";
import { amountText, type Use } from "../capacity.ts";

/** kubesim's own nodes table: health, what is used of what there is, zone where there are zones. */
export function nodeColumns(items: readonly Node[], uses: ReadonlyMap<string, Use>): readonly Column<Node>[] {
  const used = (name: string, resource: string): Column<Node> =>
    column(name, (node) => {
      const use = uses.get(node.metadata.name);
      const total = use?.allocatable[resource];
      if (use === undefined || total === undefined) return "<none>";
      const requested = resource === "pods" ? use.pods : (use.requested[resource] ?? 0);
      return `${amountText(resource, requested)}/${amountText(resource, total)}`;
    });
  const some = (resource: string) => items.some((node) => node.status.allocatable?.[resource] !== undefined);
  const hasZone = items.some((node) => node.metadata.labels?.[Label.zone] !== undefined);
  const own = [
    used("CPU", "cpu"),
    used("Memory", "memory"),
    ...(some("nvidia.com/gpu") ? [used("GPU", "nvidia.com/gpu")] : []),
    ...(some(GPU_MILLI) ? [used("GPU milli", GPU_MILLI)] : []),
    used("Pods", "pods"),
    ...(hasZone ? [column("Zone", (node) => node.metadata.labels?.[Label.zone] ?? "<none>")] : []),
  ];
  const [name, status] = [kindColumn("Name"), kindColumn("Status")];
  const rest = nodes.columns.filter((candidate) => candidate.priority === 1);
  return [name, status, ...own, kindColumn("Age"), ...rest].filter((candidate) => candidate !== undefined);
}

function kindColumn(name: string): Column<Node> | undefined {
  return nodes.columns.find((candidate) => candidate.name === name);
}

function column(name: string, cell: Column<Node>["cell"]): Column<Node> {
  return { name, type: "string", description: name, priority: 0, cell };
}
