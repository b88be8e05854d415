import { nodes } from "../../api/kinds/node.ts";
import { pods } from "../../api/kinds/pod.ts";
import { useByNode } from "../capacity.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { listAll } from "../list-all.ts";
import { nodeColumns } from "../output/node-columns.ts";
import { printObjects } from "../output/print.ts";
import { listing, selectionOf } from "./list.ts";

export const run: CommandRun = (context, input) => {
  const { output } = context.globals;
  if (input.watch === true || (output !== "table" && output !== "wide"))
    return listing(nodes)(context, input);
  return withCluster(context, async ({ objects }) => {
    const [nodeList, podList] = await Promise.all([
      listAll(objects, nodes, selectionOf(context, nodes, input)),
      listAll(objects, pods),
    ]);
    const columns = nodeColumns(nodeList.items, useByNode(nodeList.items, podList.items));
    await printObjects(context, nodes, nodeList.items, { columns });
  });
};
