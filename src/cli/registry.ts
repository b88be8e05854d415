import type { Command } from "./command.ts";
import { chaos } from "./commands/chaos.ts";
import { chaosHeal } from "./commands/chaos-heal.ts";
import { chaosReport } from "./commands/chaos-report.ts";
import { clockAdvance } from "./commands/clock-advance.ts";
import { clockPause } from "./commands/clock-pause.ts";
import { clockRun } from "./commands/clock-run.ts";
import { clockStatus } from "./commands/clock-status.ts";
import { clockStep } from "./commands/clock-step.ts";
import { complete } from "./commands/complete.ts";
import { completion } from "./commands/completion.ts";
import { demo } from "./commands/demo.ts";
import { events } from "./commands/events.ts";
import { explainPod } from "./commands/explain-pod.ts";
import { help } from "./commands/help.ts";
import { kubeconfig } from "./commands/kubeconfig.ts";
import { kubectl } from "./commands/kubectl.ts";
import { load } from "./commands/load.ts";
import { nodesAdd } from "./commands/nodes-add.ts";
import { nodesCordon } from "./commands/nodes-cordon.ts";
import { nodesDescribe } from "./commands/nodes-describe.ts";
import { nodesDrain } from "./commands/nodes-drain.ts";
import { nodesKill } from "./commands/nodes-kill.ts";
import { nodesList } from "./commands/nodes-list.ts";
import { nodesRemove } from "./commands/nodes-remove.ts";
import { nodesRevive } from "./commands/nodes-revive.ts";
import { nodesUncordon } from "./commands/nodes-uncordon.ts";
import { plan } from "./commands/plan.ts";
import { podsDelete } from "./commands/pods-delete.ts";
import { podsDescribe } from "./commands/pods-describe.ts";
import { podsExec } from "./commands/pods-exec.ts";
import { podsLaunch } from "./commands/pods-launch.ts";
import { podsList } from "./commands/pods-list.ts";
import { podsLogs } from "./commands/pods-logs.ts";
import { record } from "./commands/record.ts";
import { replay } from "./commands/replay.ts";
import { serverLogs } from "./commands/server-logs.ts";
import { serverRun } from "./commands/server-run.ts";
import { serverStart } from "./commands/server-start.ts";
import { serverStatus } from "./commands/server-status.ts";
import { serverStop } from "./commands/server-stop.ts";
import { simulate } from "./commands/simulate.ts";
import { status } from "./commands/status.ts";
import { strategyGet } from "./commands/strategy-get.ts";
import { strategyList } from "./commands/strategy-list.ts";
import { strategySet } from "./commands/strategy-set.ts";
import { timingGet } from "./commands/timing-get.ts";
import { timingSet } from "./commands/timing-set.ts";
import { top } from "./commands/top.ts";
import { whatIf } from "./commands/what-if.ts";

/** Every command, in the order of help and documents: one line each. */
export const COMMANDS: readonly Command[] = [
  demo,
  status,
  explainPod,
  events,
  top,
  nodesAdd,
  nodesList,
  nodesDescribe,
  nodesRemove,
  nodesCordon,
  nodesUncordon,
  nodesDrain,
  podsLaunch,
  podsList,
  podsDescribe,
  podsLogs,
  podsExec,
  podsDelete,
  load,
  nodesKill,
  nodesRevive,
  chaos,
  chaosHeal,
  chaosReport,
  simulate,
  whatIf,
  plan,
  record,
  replay,
  strategyList,
  strategyGet,
  strategySet,
  timingGet,
  timingSet,
  serverStart,
  serverRun,
  serverStop,
  serverStatus,
  serverLogs,
  clockStatus,
  clockAdvance,
  clockStep,
  clockRun,
  clockPause,
  kubeconfig,
  kubectl,
  completion,
  help,
  complete,
];
