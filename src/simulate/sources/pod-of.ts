import type { Pod } from "../../api/kinds/pod.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { Annotation } from "../../api/well-known.ts";
import type { Arrival, Requests } from "../prepared.ts";

/** What comes, as it is to be created. */
export function draftOf(arrival: Arrival): Draft<KubeObject> {
  return "draft" in arrival ? arrival.draft : podOf(arrival.name, arrival.requests, arrival.durationMs);
}

/** A bare pod; with a duration it starts the moment it is bound, runs for so long and is over. */
export function podOf(name: string, requests: Requests, durationMs: number | undefined): Draft<Pod> {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", ...(durationMs !== undefined && timed(durationMs)) },
    spec: {
      containers: [{ name: "main", image: "registry.k8s.io/pause:3.10", resources: resourcesOf(requests) }],
      ...(durationMs !== undefined && { restartPolicy: "Never" }),
    },
    status: { phase: "Pending" },
  };
}

/** Resources that no node gives away twice, such as GPUs, need a limit. */
function resourcesOf(requests: Requests) {
  const limits = Object.fromEntries(Object.entries(requests).filter(([name]) => name.includes("/")));
  return { requests, ...(Object.keys(limits).length > 0 && { limits }) };
}

/** The draft of a pod with times of its own. */
export function withDuration(draft: Draft<Pod>, durationMs: number): Draft<Pod> {
  return {
    ...draft,
    metadata: { ...draft.metadata, ...timed(durationMs) },
    spec: { ...draft.spec, restartPolicy: "Never" },
  };
}

function timed(durationMs: number) {
  const duration = durationMs % 1_000 === 0 ? `${durationMs / 1_000}s` : `${Math.round(durationMs)}ms`;
  return { annotations: { [Annotation.startDelay]: "0s", [Annotation.duration]: duration } };
}
