import { elapsedText } from "../../api/kinds/cluster-clock.ts";
import { formatResource } from "../../api/quantity.ts";
import { isFinished, type PodRecord } from "../../chaos/ledger-pod.ts";
import type { Playback } from "../../recording/playback.ts";
import type { CommandContext } from "../command.ts";
import { printTable, printValue } from "../output/print.ts";
import { loadOf, percentText, type Share } from "./load-of-node.ts";

/** Prints the cluster as it was at the playback's position. */
export async function printMoment(context: CommandContext, playback: Playback): Promise<void> {
  const { io, globals } = context;
  const { ledger, positionMs, events } = playback;
  const nodes = [...ledger.nodes.values()].map(loadOf);
  if (globals.output !== "table" && globals.output !== "wide" && globals.output !== "csv") {
    const pods = [...ledger.pods.values()].map(podOf);
    const { counts } = ledger;
    return printValue(context, { atSeconds: positionMs / 1_000, events, counts, nodes, pods });
  }
  const rows = nodes.map(({ name, state, cpu, memory, pods, running }) => [
    name,
    state,
    shareText("cpu", cpu),
    shareText("memory", memory),
    running === pods ? String(pods) : `${pods} (${running} running)`,
  ]);
  if (globals.output === "csv") return printTable(context, ["NODE", "STATE", "CPU", "MEMORY", "PODS"], rows);
  const { up, ready, running, pending, unschedulable } = ledger.counts;
  io.result(`${elapsedText(positionMs)}, after ${events} events`);
  io.result(`nodes up ${up}/${nodes.length}, ready ${ready}/${nodes.length}`);
  io.result(`pods running ${running}, pending ${pending}, of these without room ${unschedulable}\n`);
  if (rows.length > 0) await printTable(context, ["NODE", "STATE", "CPU", "MEMORY", "PODS"], rows);
  else io.note("No nodes yet");
}

function shareText(resource: string, share: Share): string {
  const [used, total] = [share.used, share.total].map((amount) => formatResource(resource, amount));
  return `${used} of ${total} (${percentText(share)})`;
}

function podOf(pod: PodRecord) {
  const { pod: name, node = null, phase, unschedulable, terminating, evicted } = pod;
  const isWaiting = node === null && !isFinished(pod);
  return { name, node, phase, unschedulable: isWaiting && unschedulable, terminating, evicted };
}
