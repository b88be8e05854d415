import type { Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import type { Random } from "../../../lib/random.ts";
import { annotationOf } from "../containers/annotations.ts";
import type { ContainerRun } from "./container-run.ts";

/** What a container says when it starts. */
export function greeting(pod: Pod, run: ContainerRun): readonly string[] {
  const container = pod.spec.containers.find(({ name }) => name === run.name);
  const where = pod.spec.nodeName === undefined ? "" : ` on ${pod.spec.nodeName}`;
  const again = run.restart === 0 ? "" : ` (restart ${run.restart})`;
  const lines = [`level=info msg="starting ${run.name}${where}${again}" image="${run.image || "none"}"`];
  const lasts = annotationOf(pod, run.name, Annotation.duration);
  if (lasts !== undefined) {
    const code = annotationOf(pod, run.name, Annotation.exitCode) ?? "0";
    lines.push(`level=info msg="planned to run for ${lasts} and to end with exit code ${code}"`);
  }
  for (const { containerPort, protocol } of container?.ports ?? []) {
    lines.push(`level=info msg="listening" address=0.0.0.0:${containerPort} protocol=${protocol ?? "TCP"}`);
  }
  if (container !== undefined) lines.push(`level=info msg="ready"`);
  return lines;
}

const SIGTERM_CODE = 143;

/** What it says last: nothing bad before exit code 0, what went wrong before any other. */
export function farewell({ ending, startedMs, name }: ContainerRun): readonly string[] {
  if (ending === undefined) return [];
  const ran = `${(ending.finishedMs - startedMs) / 1_000}s`;
  if (ending.exitCode === 0) return [`level=info msg="${name} finished" after=${ran}`];
  if (ending.exitCode === SIGTERM_CODE) {
    return [`level=info msg="received signal, shutting down" signal=SIGTERM after=${ran}`];
  }
  return [
    `level=error msg="${ERRORS[ending.exitCode % ERRORS.length]}" after=${ran}`,
    `level=error msg="${name} failed" exit_code=${ending.exitCode}`,
  ];
}

const ERRORS = [
  "connection to upstream lost: broken pipe",
  "unhandled failure in the main loop",
  "invalid configuration: missing value",
  "dependency did not answer in time",
];

const PATHS = ["/", "/healthz", "/api/items", "/api/items/7", "/metrics", "/api/orders?state=open"];
const JOBS = ["refresh cache", "flush queue", "compact segments", "sync state", "collect statistics"];

/** A line of its everyday: requests where it has a port, else work. */
export function activity(pod: Pod, run: ContainerRun, place: number, random: Random): string {
  const container = pod.spec.containers.find(({ name }) => name === run.name);
  const tookMs = 1 + random.below(40);
  if (container?.ports !== undefined && container.ports.length > 0) {
    const path = PATHS[random.below(PATHS.length)];
    const status = random.chance(0.03) ? 404 : 200;
    return `level=info msg="request" method=GET path="${path}" status=${status} duration=${tookMs}ms`;
  }
  const job = JOBS[random.below(JOBS.length)];
  if (random.chance(0.02)) return `level=warn msg="${job} is slow" tick=${place + 1} duration=${tookMs}00ms`;
  return `level=info msg="${job}" tick=${place + 1} items=${random.below(200)} duration=${tookMs}ms`;
}
