import { nodes } from "../../api/kinds/node.ts";
import { pods } from "../../api/kinds/pod.ts";
import type { ChaosOutcome } from "../../chaos/context.ts";
import { runChaos } from "../../chaos/engine.ts";
import type { ChaosEvent } from "../../chaos/events.ts";
import type { ChaosOptions } from "../../chaos/options.ts";
import { type PrivateCluster, startPrivateCluster } from "../../cluster/private-cluster.ts";
import { createRandom } from "../../lib/random.ts";
import { nodeDraft, podDraft } from "../drafts.ts";
import type { Shape } from "../shape.ts";

/** Nodes and pods to break. */
export interface ChaosScene {
  readonly nodes: number;
  readonly pods: number;
  readonly node: Shape;
  readonly pod: Shape;
  readonly strategy?: string;
  readonly timingProfile?: string;
}

export interface VirtualChaosOptions {
  readonly scene: ChaosScene;
  readonly chaos: ChaosOptions & { readonly seed: string };
  readonly signal: AbortSignal;
  readonly onEvent: (event: ChaosEvent) => void;
  /** Told between instants how much virtual time has passed since the first tick. */
  readonly onProgress?: (elapsedMs: number) => void;
}

/** Before chaos begins, the pods have so long to start. */
const WARM_UP_MS = 10_000;
/** Healing tries for 30 s, and settles as long as the options say; after that something is stuck. */
const GRACE_MS = 10 * 60_000;

/**
 * Chaos in virtual time: builds a private cluster with bare pods, lets them start, and runs the engine on it until it
 * has ended. The scene and the seed decide everything: the same two give the same events.
 */
export async function runVirtualChaos(options: VirtualChaosOptions): Promise<ChaosOutcome> {
  const { scene, chaos } = options;
  const { strategy, timingProfile } = scene;
  const settings = {
    seed: chaos.seed,
    ...(strategy !== undefined && { strategy }),
    ...(timingProfile !== undefined && { timingProfile }),
  };
  const cluster = await startPrivateCluster({ settings });
  try {
    await setScene(cluster, scene);
    const outcome = await performOn(cluster, options);
    const [defect] = cluster.errors;
    if (defect !== undefined) throw defect.error;
    return outcome;
  } finally {
    cluster.stop();
  }
}

async function setScene({ objects, clock }: PrivateCluster, scene: ChaosScene): Promise<void> {
  for (let index = 1; index <= scene.nodes; index++) {
    await objects.create(nodes, nodeDraft(`node-${index}`, scene.node));
  }
  await clock.settle();
  for (let index = 1; index <= scene.pods; index++) {
    await objects.create(pods, podDraft(`pod-${index}`, scene.pod));
  }
  await clock.advance(WARM_UP_MS);
}

async function performOn(
  { objects, clock }: PrivateCluster,
  { chaos, signal, onEvent, onProgress }: VirtualChaosOptions,
): Promise<ChaosOutcome> {
  const startMs = clock.monotonicMs();
  let hasEnded = false;
  const run = runChaos({ objects, clock, random: createRandom(chaos.seed), signal, onEvent }, chaos).finally(
    () => {
      hasEnded = true;
    },
  );
  // Observed here already: while the clock runs, nobody else waits for it.
  run.catch(() => undefined);
  const limitMs = chaos.startAfterMs + chaos.durationMs + chaos.settleMs + GRACE_MS;
  await clock.runUntil(() => {
    onProgress?.(clock.monotonicMs() - startMs);
    return hasEnded;
  }, limitMs);
  if (!hasEnded) throw new Error(`the chaos run did not end within ${limitMs} ms of virtual time`);
  return run;
}
