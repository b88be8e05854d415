import type { Container, LifecycleHandler, Probe } from "./pod.ts";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
const HOOKS = ["postStart", "preStop"] as const;
const PROBE_DEFAULTS = {
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
} as const;
const PROBE_COUNTS = Object.keys(PROBE_DEFAULTS) as (keyof typeof PROBE_DEFAULTS)[];

/** Probes and hooks of a container with what they leave out; undefined when they leave out nothing. */
export function handlerDefaults(container: Container): Partial<Container> | undefined {
  let changed: Record<string, unknown> | undefined;
  for (const name of PROBES) {
    const probe = container[name];
    if (probe === undefined) continue;
    const completed = withCounts(withAction(probe));
    if (completed === probe) continue;
    changed ??= {};
    changed[name] = completed;
  }
  if (container.lifecycle === undefined) return changed;
  const lifecycle = withHooks(container.lifecycle);
  return lifecycle === container.lifecycle ? changed : { ...changed, lifecycle };
}

function withHooks(lifecycle: NonNullable<Container["lifecycle"]>): NonNullable<Container["lifecycle"]> {
  let complete = lifecycle;
  for (const name of HOOKS) {
    const hook = lifecycle[name];
    const completed = hook && withAction(hook);
    if (completed !== hook) complete = { ...complete, [name]: completed };
  }
  return complete;
}

/** What is 0 is as if it were not given. */
function withCounts(probe: Probe): Probe {
  if (PROBE_COUNTS.every((count) => probe[count])) return probe;
  const counts = PROBE_COUNTS.map((count) => [count, probe[count] || PROBE_DEFAULTS[count]]);
  return { ...PROBE_DEFAULTS, ...probe, ...Object.fromEntries(counts) };
}

/** Requests go to `/` over HTTP, and gRPC asks for the server itself. */
function withAction<T extends Probe | LifecycleHandler>(handler: T): T {
  const { httpGet, grpc } = handler as Probe;
  const asksAll = httpGet === undefined || (httpGet.path && httpGet.scheme);
  const namesAll = grpc === undefined || grpc.service !== undefined;
  if (asksAll && namesAll) return handler;
  return {
    ...handler,
    ...(httpGet && {
      httpGet: { ...httpGet, path: httpGet.path || "/", scheme: httpGet.scheme || "HTTP" },
    }),
    ...(grpc && { grpc: { service: "", ...grpc } }),
  };
}
