import { counted } from "../../lib/counted.ts";
import { STRATEGIES } from "../../scheduler/strategies/registry.ts";
import { checkedDraft } from "../../simulate/files/checked-draft.ts";
import type { OpenbResource } from "../../simulate/files/openb.ts";
import { beginPlan, type Plan, type PlanOrder, type StrategyPlan } from "../../simulate/plan/plan.ts";
import { podsOf } from "../../simulate/plan/pods-of.ts";
import type { Shape } from "../../simulate/shape.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { CommandError, Exit, UsageError } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { readFiles } from "../load/read-files.ts";
import { printTable, printValue } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { refuseNames } from "../output/refuse-names.ts";
import { requireBuiltIn } from "../strategy-names.ts";

interface Input {
  readonly pods: readonly string[];
  readonly node: Shape;
  readonly strategy?: string;
  readonly order: PlanOrder;
  readonly resources: string;
  readonly seed: string;
}

export const run: CommandRun = async (context, values) => {
  refuseNames(context.globals.output, "Plans");
  const input = values as unknown as Input;
  if (input.pods.length === 0) {
    throw new UsageError(
      "--pods is needed",
      "Give a list of pods or manifests: kubesim plan --pods pods.csv",
    );
  }
  const strategies =
    input.strategy === undefined
      ? STRATEGIES
      : input.strategy.split(",").map((name) => requireBuiltIn(name.trim()));
  // Before anything is read: what was read quickly is planned quickly, and needs no bar.
  const bar = new ProgressBar(context.io, context.clock, "Planning", strategies.length);
  const drafts = await readFiles(context.io, input.pods, {
    resources: new Set(input.resources.split(",")) as ReadonlySet<OpenbResource>,
    namespace: context.globals.namespace,
    limit: undefined,
  });
  const pods = podsOf(drafts.map(checkedDraft));
  if (pods.length === 0) {
    throw new CommandError(`There are no pods in ${input.pods.join(", ")}`, {
      hint: "Give a list of pods, or manifests of pods or workloads",
      reason: "NoPods",
    });
  }
  const { planFor, ...begun } = beginPlan({ ...input, pods, strategies });
  const plans: StrategyPlan[] = [];
  for (const strategy of strategies) {
    bar.update(plans.length);
    const planned = await unlessInterrupted(context, planFor(strategy));
    if (planned === undefined) break;
    plans.push(planned);
  }
  bar.end();
  const plan = { ...begun, plans };
  await print(context, plan, input.node);
  if (context.signal.aborted) {
    context.io.note(`partial: interrupted; ${plans.length} of ${strategies.length} strategies were tried`);
    throw new Exit(interruptCode(context.signal));
  }
  if (plan.neverFit.length > 0) throw tooLarge(plan);
  const helpless = plan.plans.filter(({ nodes }) => nodes === null).map(({ strategy }) => strategy);
  if (helpless.length > 0) throw neverTogether(helpless);
};

/** Does the work, and hears Ctrl-C in its pauses: nothing comes of it then. */
async function unlessInterrupted<Result>(
  { clock, signal }: Pick<CommandContext, "clock" | "signal">,
  work: Generator<void, Result>,
): Promise<Result | undefined> {
  for (;;) {
    await clock.sleep(0);
    if (signal.aborted) return undefined;
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

async function print(context: CommandContext, plan: Plan, node: Shape): Promise<void> {
  const { io, globals } = context;
  if (globals.output !== "table" && globals.output !== "wide") {
    const status = context.signal.aborted ? "partial" : "completed";
    return printValue(context, { node, status, ...plan });
  }
  const { nodes, resource } = plan.lowerBound;
  if (plan.pods === 0) return;
  const best = plan.plans.toSorted((a, b) => (a.nodes ?? Infinity) - (b.nodes ?? Infinity));
  await printTable(
    context,
    ["STRATEGY", "NODES", "ON DEMAND", "OVER BOUND"],
    best.map((one) => [one.strategy, String(one.nodes ?? "-"), String(one.onDemand), overText(one, nodes)]),
  );
  const pods = plan.pods === 1 ? "1 pod needs" : `${plan.pods} pods need`;
  io.result(`\n${pods} ${counted(nodes, "node")} or more (by ${resource})`);
  const [first] = best;
  if (first !== undefined && first.nodes === nodes)
    io.result(`${first.strategy} needs just that: no plan is better`);
  for (const { strategy, nodes: found, triedFrom, isFewest } of best) {
    if (found === null || isFewest) continue;
    const range = triedFrom === found ? "none below was tried" : `tried down to ${triedFrom}`;
    io.result(`${strategy}: ${range}; a smaller number may do by chance`);
  }
}

function overText({ nodes }: StrategyPlan, bound: number): string {
  if (nodes === null) return "-";
  return bound === 0 ? "0.0%" : `${((100 * (nodes - bound)) / bound).toFixed(1)}%`;
}

function tooLarge({ neverFit }: Plan): CommandError {
  const count = neverFit.length;
  return new CommandError(
    `${count} ${count === 1 ? "pod fits" : "pods fit"} on no such node: ${neverFit.slice(0, 3).join(", ")}`,
    {
      hint: "Take a larger --node; the plan is for the others",
      reason: "NeverFit",
    },
  );
}

function neverTogether(strategies: readonly string[]): CommandError {
  return new CommandError(
    `No number of such nodes holds all pods with ${strategies.join(", ")}: some have rules about others`,
    {
      hint: "Look at their affinity, anti-affinity and topologySpreadConstraints",
      reason: "NeverFit",
    },
  );
}
