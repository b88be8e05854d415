/** Nodes take 10.0.0.0/9, pods 10.128.0.0/9; so many addresses each. */
const POOL_SIZE = 2 ** 23;

/**
 * Gives out addresses. A node's address follows from its name, so that it stays the same over restarts (when two names
 * meet the later one takes the next that is free); pods take theirs in turn.
 */
export class AddressPool {
  readonly #nodeAddresses = new Map<string, string>();
  readonly #takenByNodes = new Set<string>();
  #nextPod = 1;

  /** The node's address: the one it is known under, or a new one. */
  ofNode(name: string, known: string | undefined): string {
    const given = this.#nodeAddresses.get(name);
    if (given !== undefined) return given;
    const address = known ?? this.#freeNodeAddress(name);
    this.#nodeAddresses.set(name, address);
    this.#takenByNodes.add(address);
    return address;
  }

  releaseNode(name: string): void {
    const address = this.#nodeAddresses.get(name);
    if (address === undefined) return;
    this.#nodeAddresses.delete(name);
    this.#takenByNodes.delete(address);
  }

  nextPod(): string {
    const number = this.#nextPod;
    this.#nextPod = (number + 1) % POOL_SIZE;
    return addressText(POOL_SIZE + number);
  }

  /** Tells of a pod that has an address already, so that it is not given out again soon. */
  notePod(address: string): void {
    const number = addressNumber(address) - POOL_SIZE;
    if (number >= this.#nextPod && number < POOL_SIZE) this.#nextPod = (number + 1) % POOL_SIZE;
  }

  #freeNodeAddress(name: string): string {
    for (let number = hash(name) % POOL_SIZE; ; number = (number + 1) % POOL_SIZE) {
      const address = addressText(number);
      // The ends of a block of 256 look like network and broadcast addresses.
      const last = number & 255;
      if (last !== 0 && last !== 255 && !this.#takenByNodes.has(address)) return address;
    }
  }
}

function addressText(number: number): string {
  return `10.${number >>> 16}.${(number >>> 8) & 255}.${number & 255}`;
}

function addressNumber(address: string): number {
  const [, high = "0", middle = "0", low = "0"] = address.split(".");
  return (Number(high) << 16) | (Number(middle) << 8) | Number(low);
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
