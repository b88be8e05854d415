import type { Node } from "../api/kinds/node.ts";
import type { Draft, KubeObject } from "../api/meta.ts";
import type { Sample } from "./generate/sample.ts";
import type { Scenario } from "./scenario/scenario.ts";

/** A scenario with everything read that its files say: plain data, which can be handed to a worker. */
export interface PreparedScenario {
  readonly scenario: Scenario;
  /** Objects that are there from the start, in order of creation; those added on demand are not among them. */
  readonly nodes: readonly Draft<Node>[];
  /** What the files bring, by time, then in the order of the workload. Generators draw theirs in the run. */
  readonly arrivals: readonly Arrival[];
  /** What files bring in another order or number with each seed. */
  readonly samples: readonly Sample[];
  /** Things worth telling that stop nobody: jobs left out, pods larger than any node. */
  readonly warnings: readonly string[];
}

/** An object that comes at a time. */
export type Arrival = ArrivingObject | ArrivingPod;

interface Arriving {
  /** What hashes and lists call it: the pod's name, or the job's number. */
  readonly id: string;
  readonly atMs: number;
  /** Of its file, for messages. */
  readonly line?: number;
}

/** Any object, as it is to be created. */
export interface ArrivingObject extends Arriving {
  readonly draft: Draft<KubeObject>;
  /** False for objects that somebody else wrote: their types are looked at when they come. */
  readonly isOwn: boolean;
}

/** A bare pod in a few words: there may be a million, and all of them may have to be handed to a worker. */
export interface ArrivingPod extends Arriving {
  readonly name: string;
  /** Pods that ask for the same may share this. */
  readonly requests: Requests;
  /** Undefined: it runs for ever. */
  readonly durationMs: number | undefined;
}

/** What a simulated pod asks for, as quantities. */
export type Requests = Readonly<Record<string, string>>;
