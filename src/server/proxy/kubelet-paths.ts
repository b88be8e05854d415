import { type Node, nodes } from "../../api/kinds/node.ts";
import { pods } from "../../api/kinds/pod.ts";
import { json, text, type WholeAnswer } from "../answer.ts";
import type { VerbContext } from "../verbs/context.ts";
import { methodNotAllowed } from "../verbs/refusals.ts";
import { statsSummary } from "./stats-summary.ts";

/**
 * What a kubelet's own server answers: `/healthz`, `/pods`, `/runningpods` and `/stats/summary`; other paths are not
 * there. Fails with NotFound and ServiceUnavailable.
 */
export async function answerForNode(context: VerbContext, name: string, path: string): Promise<WholeAnswer> {
  const { objects, request, containers } = context;
  const node = await objects.get<Node>(nodes, { name });
  if (request.method !== "GET") throw methodNotAllowed();
  containers.checkNode(node.metadata.name);
  const asked = path.replace(/\/+$/, "");
  if (asked === "/healthz") return text(200, "ok");
  if (!LISTING.includes(asked)) return text(404, "404 page not found\n");
  const { items } = await objects.list(pods, { fieldSelector: `spec.nodeName=${node.metadata.name}` });
  if (asked === "/stats/summary") return json(200, await statsSummary(objects, node, items));
  const shown = asked === "/pods" ? items : items.filter(({ status }) => status.phase === "Running");
  return json(200, { kind: "PodList", apiVersion: "v1", metadata: {}, items: shown });
}

const LISTING = ["/pods", "/runningpods", "/stats/summary"];
