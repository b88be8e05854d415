/**
 * Seeded randomness in named streams.
 *
 * Every consumer takes its own stream (`random.stream("node-crash/node-7")`), derived from the seed and the name
 * alone, so that adding a consumer does not change what the others draw.
 */
export interface Random {
  /** The seed this stream was derived from. */
  readonly seed: string;
  /** A float in [0, 1) with 53 bits. */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
  /** True with the given probability; always draws exactly once. */
  chance(probability: number): boolean;
  /** An independent stream, a function of this stream's seed and the name only (not of what was drawn so far). */
  stream(name: string): Random;
}

/** Makes the root stream of a seed. Generator: sfc32 (Chris Doty-Humphrey), seeded by xmur3 over the text. */
export function createRandom(seed: string | number): Random {
  return new Sfc32(String(seed));
}

class Sfc32 implements Random {
  readonly seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    this.seed = seed;
    const word = xmur3(seed);
    this.#a = word();
    this.#b = word();
    this.#c = word();
    for (let round = 0; round < 15; round++) this.#word();
  }

  next(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  stream(name: string): Random {
    return new Sfc32(`${this.seed}/${name}`);
  }

  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

/** xmur3: spreads a text over as many 32-bit words as are asked for. */
function xmur3(text: string): () => number {
  let hash = 1_779_033_703 ^ text.length;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    hash ^= hash >>> 16;
    return hash >>> 0;
  };
}
