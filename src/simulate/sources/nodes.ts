import { DEVICE_MILLI, GPU_MILLI } from "../../api/gpu.ts";
import { withMachineLabels } from "../../api/kinds/machine-labels.ts";
import type { Node } from "../../api/kinds/node.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { parseLabelSelector } from "../../api/selector.ts";
import { Label } from "../../api/well-known.ts";
import { FileFault } from "../../lib/file-fault.ts";
import { isOfCluster, nodeAsNew } from "../files/as-new.ts";
import { checkedDraft } from "../files/checked-draft.ts";
import { readCsv } from "../files/csv.ts";
import type { LoadedDraft } from "../files/draft.ts";
import { readManifests } from "../files/manifests.ts";
import { type OpenbResource, openbKind, readOpenb } from "../files/openb.ts";
import { readInput } from "../files/read-input.ts";
import { looksLikeSwf } from "../files/swf.ts";
import type { NodeFile, NodeShape, NodeSource } from "../scenario/scenario.ts";
import { OwnNames } from "./own-names.ts";

/**
 * The nodes of some sources that are there from the start. Shapes of one prefix go on counting.
 * @param others nodes that are there already
 */
export function nodesOf(sources: readonly NodeSource[], others: readonly Draft<Node>[]): Draft<Node>[] {
  const names = new OwnNames();
  for (const node of others) names.add(undefined, node as Draft<KubeObject>);
  const ofFiles = sources.map((source) => {
    if (!("file" in source)) return [];
    const nodes = nodesOfFile(source);
    for (const node of nodes) names.add(source.file, node as Draft<KubeObject>);
    return nodes;
  });
  const taken = new Set([...others, ...ofFiles.flat()].map(({ metadata }) => metadata.name));
  const ofSources = sources.map((source, at) => {
    if ("file" in source || source.onDemand) return ofFiles[at] as readonly Draft<Node>[];
    const made: Draft<Node>[] = [];
    for (let index = 0; made.length < source.count; index++) {
      const node = nodeOfShape(source, index);
      if (!taken.has(node.metadata.name)) made.push(node);
    }
    for (const { metadata } of made) taken.add(metadata.name);
    return made;
  });
  return [...others, ...ofSources.flat().map(withMachineLabels)];
}

/** The node of a shape with this index, from 0. */
export function nodeOfShape(shape: NodeShape, index: number): Draft<Node> {
  const { cpu, memory, pods, gpu, prefix, zones } = shape;
  const zone = zones === 0 ? {} : { [Label.zone]: `zone-${(index % zones) + 1}` };
  const labels = { ...shape.labels, ...zone };
  const capacity = { cpu, memory, pods, ...(gpu > 0 && { [GPU_MILLI]: String(gpu * DEVICE_MILLI) }) };
  return withMachineLabels({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `${prefix}-${index + 1}`, ...(Object.keys(labels).length > 0 && { labels }) },
    spec: {},
    status: { capacity, allocatable: capacity },
  });
}

function nodesOfFile({ file, every, limit, resources, select }: NodeFile): readonly Draft<Node>[] {
  const all = draftsOf(file, readInput(file), new Set(resources));
  const isWanted = select === undefined ? undefined : parseLabelSelector(select);
  const nodes = isWanted ? all.filter(({ draft }) => isWanted(draft.metadata.labels ?? {})) : all;
  if (nodes.length === 0) throw new FileFault(file, undefined, undefined, `has no nodes with ${select}`);
  const chosen = nodes.filter((_, index) => index % every === 0).slice(0, limit);
  return chosen.map(({ draft }) => draft as unknown as Draft<Node>);
}

function draftsOf(file: string, text: string, resources: ReadonlySet<OpenbResource>): readonly LoadedDraft[] {
  const firstLine = (text.split("\n", 1)[0] as string).trim().replace(/^\uFEFF/, "");
  if (/\.csv$/i.test(file) || openbKind(firstLine.split(",")) !== undefined) {
    const table = readCsv(file, text);
    if (openbKind(table.header) === "pods") {
      throw new FileFault(file, 1, 1, "is a list of pods, not of nodes", "Give it with --pods");
    }
    const nodes = readOpenb(file, table, { resources, namespace: "default" });
    if (nodes.length === 0) throw new FileFault(file, 1, undefined, "has no nodes in it");
    return nodes;
  }
  if (looksLikeSwf(file, text)) {
    throw new FileFault(file, 1, undefined, "is a log of jobs, not a list of nodes", "Give it with --pods");
  }
  const objects = readManifests(file, text, "default");
  const nodes = objects.filter(({ kind }) => kind.kind === "Node");
  const [other] = objects;
  // A dump of a whole cluster has both.
  if (other !== undefined && nodes.length === 0) {
    throw new FileFault(
      file,
      other.line,
      undefined,
      `is a ${other.kind.kind}, not a Node`,
      "Give it with --pods",
    );
  }
  if (objects.length === 0) throw new FileFault(file, undefined, undefined, "has no nodes in it");
  return nodes.map((loaded) => {
    const checked = checkedDraft(loaded);
    if (!isOfCluster(checked.draft)) return checked;
    return { ...checked, draft: nodeAsNew(checked.draft as unknown as Node) as unknown as Draft<KubeObject> };
  });
}
