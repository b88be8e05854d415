import type { Kind } from "../../api/kind.ts";
import type { ReplicaSet } from "../../api/kinds/replica-set.ts";
import {
  type ReplicationController,
  replicationControllers,
} from "../../api/kinds/replication-controller.ts";
import type { Controller } from "../controller.ts";
import { ReplicaSetLoop } from "../replica-set/replica-set-loop.ts";

/** Keeps as many pods of a template as a ReplicationController asks for, by the loop of ReplicaSets. */
export const replicationController: Controller = {
  name: "replication-controller",
  async start(context) {
    const loop = new ReplicaSetLoop(context, {
      kind: replicationControllers as unknown as Kind<ReplicaSet>,
      component: "replication-controller",
      selectorOf: (owner) => ({
        matchLabels: (owner as unknown as ReplicationController).spec.selector,
      }),
    });
    await loop.start();
    return { stop: () => loop.stop() };
  },
};
