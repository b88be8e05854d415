import { createRandom, type Random } from "../lib/random.ts";
import type { FaultWeight } from "./options.ts";

/** What the dice say of one node at one tick, whether or not it can be carried out. */
export interface Roll {
  /** Uniform in [0, 1): the node recovers when it is below the recovery probability. */
  readonly recovery: number;
  /** Uniform in [0, 1): the node fails when it is below the failure probability. */
  readonly failure: number;
  /** Name of the fault it fails with. */
  readonly fault: string;
}

/**
 * Every decision of a run, as a function of seed, node name and tick alone: one stream each for recovery, for failure
 * and for every fault kind of every node. So a node more, a fault kind more, or a cap changes no other node's history;
 * and a fault kind more changes only those failures that it takes over.
 */
export class Dice {
  readonly #random: Random;
  readonly #faults: readonly FaultWeight[];
  readonly #nodes = new Map<string, NodeStreams>();

  constructor(seed: string, faults: readonly FaultWeight[]) {
    this.#random = createRandom(seed);
    this.#faults = faults;
  }

  /** Ticks must rise from call to call for a node; those left out are drawn and dropped. */
  roll(node: string, tick: number): Roll {
    const streams = this.#nodes.get(node) ?? this.#streamsOf(node);
    let roll = this.#draw(streams);
    while (streams.drawn <= tick) roll = this.#draw(streams);
    return roll;
  }

  #draw(streams: NodeStreams): Roll {
    streams.drawn++;
    return { recovery: streams.recovery.next(), failure: streams.failure.next(), fault: this.#kind(streams) };
  }

  /** A race of exponential clocks, each as fast as its weight: the first to ring wins (one draw per kind). */
  #kind(streams: NodeStreams): string {
    let winner = "";
    let earliest = Number.POSITIVE_INFINITY;
    for (const [index, { name, weight }] of this.#faults.entries()) {
      const rings = -Math.log(1 - (streams.faults[index] as Random).next()) / weight;
      if (rings >= earliest) continue;
      earliest = rings;
      winner = name;
    }
    return winner;
  }

  #streamsOf(node: string): NodeStreams {
    const streams: NodeStreams = {
      recovery: this.#random.stream(`recovery/${node}`),
      failure: this.#random.stream(`failure/${node}`),
      faults: this.#faults.map(({ name }) => this.#random.stream(`fault/${name}/${node}`)),
      drawn: 0,
    };
    this.#nodes.set(node, streams);
    return streams;
  }
}

interface NodeStreams {
  readonly recovery: Random;
  readonly failure: Random;
  readonly faults: readonly Random[];
  drawn: number;
}
