import { isReason } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import {
  CLUSTER_CLOCK_NAME,
  type ClockAdvance,
  type ClusterClock,
  clusterClocks,
} from "../api/kinds/cluster-clock.ts";
import type { Objects } from "../api/objects.ts";
import { CommandError } from "./errors.ts";

const KEY = { name: CLUSTER_CLOCK_NAME };

/** The cluster's clock; undefined for a server that has none (an older one, or another Kubernetes). */
export async function readClock(objects: Objects): Promise<ClusterClock | undefined> {
  try {
    return await objects.get(clusterClocks, KEY);
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}

/** Lets a virtual clock run, or holds it. */
export function changeClock(objects: Objects, spec: Partial<ClusterClock["spec"]>): Promise<ClusterClock> {
  return explained(objects.patch(clusterClocks, KEY, { type: "merge", patch: { spec } }));
}

/** Moves a clock that is held. */
export async function moveClock(
  objects: Objects,
  action: "advance" | "step",
  spec: ClockAdvance["spec"],
): Promise<ClockAdvance> {
  const body = { apiVersion: "kubesim.dev/v1alpha1", kind: "ClockAdvance", spec };
  return (await explained(objects.act(clusterClocks as unknown as Kind, KEY, action, body))) as ClockAdvance;
}

async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isReason(error, "MethodNotAllowed") || isReason(error, "NotFound")) {
      throw new CommandError("This cluster lives in real time; its clock cannot be held or moved", {
        reason: "RealTime",
        hint: "Start one whose time is held: kubesim server start --virtual --cluster lab",
      });
    }
    if (isReason(error, "Conflict")) {
      throw new CommandError((error as Error).message.replace(/^the/, "The"), {
        reason: "Conflict",
        hint: "Hold it first: kubesim clock pause",
      });
    }
    throw error;
  }
}
