import { type ClusterSettings, timingProfileOf } from "../kinds/cluster-settings.ts";
import { type Pod, pods, type Toleration } from "../kinds/pod.ts";
import { Taint } from "../well-known.ts";
import type { Admission } from "./admission.ts";

/**
 * Gives pods a time to wait on a lost node before they are evicted: 300 s in the profile `kubernetes`, none in the
 * fast ones. A pod that says itself what it does about a taint is left alone.
 */
export const defaultTolerationSeconds: Admission = {
  name: "DefaultTolerationSeconds",
  kinds: [pods.schema],
  admit: (object, { settings }) => tolerant(object as Pod, settings),
  admitChange: (object, old, { settings }) =>
    (object as Pod).spec === (old as Pod).spec ? object : tolerant(object as Pod, settings),
};

function tolerant(pod: Pod, settings: ClusterSettings): Pod {
  const added = tolerationsFor(timingProfileOf(settings).defaultTolerationSeconds);
  const all = withMissing(pod.spec.tolerations, added);
  if (all === pod.spec.tolerations) return pod;
  const { spec } = pod;
  return {
    ...pod,
    spec: spec.tolerations ? { ...spec, tolerations: all } : { tolerations: all, ...spec },
  } as Pod;
}

function withMissing(
  tolerations: readonly Toleration[] | undefined,
  added: readonly Toleration[],
): readonly Toleration[] {
  if (tolerations === undefined || tolerations.length === 0) return added;
  const missing = added.filter(
    ({ key }) => !tolerations.some((toleration) => isAbout(toleration, key as string)),
  );
  return missing.length === 0 ? tolerations : [...tolerations, ...missing];
}

/** Whether the toleration says anything about the taint with NoExecute; no key and no effect mean all. */
function isAbout({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === "NoExecute");
}

/** The same frozen objects for every pod, by seconds: a hundred thousand pods share them. */
const shared = new Map<number, readonly Toleration[]>();

function tolerationsFor(seconds: number): readonly Toleration[] {
  let tolerations = shared.get(seconds);
  if (tolerations === undefined) {
    tolerations = Object.freeze([
      toleration(Taint.notReady, seconds),
      toleration(Taint.unreachable, seconds),
    ]);
    shared.set(seconds, tolerations);
  }
  return tolerations;
}

function toleration(key: string, tolerationSeconds: number): Toleration {
  return Object.freeze({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds });
}
