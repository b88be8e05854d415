import type { Job } from "../../api/kinds/job.ts";
import type { ExitCodes, PodFailureRule } from "../../api/kinds/job-policies.ts";
import type { ContainerStatus, Pod } from "../../api/kinds/pod.ts";
import { keyOf, keyText } from "../../api/meta.ts";

/** What a Job's failure policy makes of one failed pod. */
export interface PolicyMatch {
  readonly action: PodFailureRule["action"];
  /** Why the Job fails, when that is the action. */
  readonly message: string;
}

/** The first rule that fits the pod; undefined when none does, and the failure counts (job/pod_failure_policy.go). */
export function matchFailurePolicy({ spec }: Job, pod: Pod): PolicyMatch | undefined {
  const rules = spec.podFailurePolicy?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    const reason =
      rule.onExitCodes === undefined ? byConditions(rule, pod) : byExitCode(rule.onExitCodes, pod);
    if (reason === undefined) continue;
    return { action: rule.action, message: `${reason} matching ${rule.action} rule at index ${index}` };
  }
  return undefined;
}

/** Whether a failed pod counts against the limits of its Job. */
export function countsAsFailed(job: Job, pod: Pod): boolean {
  return matchFailurePolicy(job, pod)?.action !== "Ignore";
}

function byExitCode(codes: ExitCodes, pod: Pod): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status as Statuses;
  const found = [...containerStatuses, ...initContainerStatuses].find(({ name, state }) => {
    const code = state.terminated?.exitCode ?? 0;
    if (code === 0 || (codes.containerName !== undefined && codes.containerName !== name)) return false;
    return codes.values.includes(code) === (codes.operator === "In");
  });
  if (found === undefined) return undefined;
  const code = found.state.terminated?.exitCode;
  return `Container ${found.name} for pod ${keyText(keyOf(pod))} failed with exit code ${code}`;
}

interface Statuses {
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

function byConditions({ onPodConditions = [] }: PodFailureRule, pod: Pod): string | undefined {
  const found = (pod.status.conditions ?? []).find((condition) =>
    onPodConditions.some(({ type, status }) => type === condition.type && status === condition.status),
  );
  return found && `Pod ${keyText(keyOf(pod))} has condition ${found.type}`;
}
