import type { Column } from "../kind.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import type { Node } from "./node.ts";
import { nodeCondition } from "./node-condition.ts";

/** The nodes table; the same rows as the real server's. */
export const nodeColumns: readonly Column<Node>[] = [
  NAME,
  textColumn("Status", "Whether the node takes pods.", (node) => nodeStatusText(node)),
  textColumn("Roles", "Roles of the node, from its labels.", rolesText),
  AGE,
  textColumn(
    "Version",
    "Version of the node's kubelet.",
    (node) => node.status.nodeInfo?.kubeletVersion ?? "",
  ),
  textColumn("Internal-IP", "Address inside the cluster.", (node) => addressText(node, "InternalIP"), 1),
  textColumn("External-IP", "Address outside the cluster.", (node) => addressText(node, "ExternalIP"), 1),
  textColumn("OS-Image", "Operating system.", (node) => infoText(node, "osImage"), 1),
  textColumn("Kernel-Version", "Kernel.", (node) => infoText(node, "kernelVersion"), 1),
  textColumn(
    "Container-Runtime",
    "Container runtime.",
    (node) => infoText(node, "containerRuntimeVersion"),
    1,
  ),
];

/** `Ready`, `NotReady`, `Unknown`, each perhaps with `,SchedulingDisabled`. */
export function nodeStatusText(node: Node): string {
  const ready = nodeCondition(node, "Ready");
  const status = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return node.spec.unschedulable === true ? `${status},SchedulingDisabled` : status;
}

const ROLE_PREFIX = "node-role.kubernetes.io/";

function rolesText(node: Node): string {
  const { labels = {} } = node.metadata;
  const roles = new Set<string>();
  for (const key of Object.keys(labels)) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length)
      roles.add(key.slice(ROLE_PREFIX.length));
    else if (key === "kubernetes.io/role" && labels[key]) roles.add(labels[key] as string);
  }
  return roles.size === 0 ? NONE : [...roles].sort().join(",");
}

function addressText(node: Node, type: string): string {
  return node.status.addresses?.find((address) => address.type === type)?.address ?? NONE;
}

function infoText(node: Node, field: string): string {
  return node.status.nodeInfo?.[field] || "<unknown>";
}
