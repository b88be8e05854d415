import { type Node, nodes } from "../../api/kinds/node.ts";
import { modify } from "../../api/modify.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printChanged } from "../output/changed.ts";
import { requireNodes } from "./require-nodes.ts";

/** Makes the run of cordon (true) and uncordon (false). */
export function cordoning(wanted: boolean): CommandRun {
  return (context, input) =>
    withCluster(context, async ({ objects }) => {
      const found = await requireNodes(objects, input.name as readonly string[]);
      const changed: Node[] = [];
      for (const node of found) {
        if ((node.spec.unschedulable === true) === wanted) {
          context.io.note(`${node.metadata.name} is ${wanted ? "already" : "not"} cordoned`);
          // Programs get the nodes as they are, changed or not.
          if (context.globals.output !== "table") changed.push(node);
        } else {
          changed.push(await setCordon(objects, node.metadata.name, wanted));
        }
      }
      if (changed.length > 0) await printChanged(context, nodes, changed, wanted ? "cordoned" : "uncordoned");
    });
}

/** Sets or takes away `spec.unschedulable`. */
export function setCordon(
  objects: Parameters<typeof modify>[0],
  name: string,
  wanted: boolean,
): Promise<Node> {
  return modify(objects, nodes, { name }, (node) => {
    if ((node.spec.unschedulable === true) === wanted) return node;
    const { unschedulable: _, ...spec } = node.spec;
    return { ...node, spec: wanted ? { ...spec, unschedulable: true } : spec };
  });
}
