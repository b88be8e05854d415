import { closeSync, openSync, writeSync } from "node:fs";
import { cannotWrite } from "../cannot-write.ts";

/** A file that a recording is written to; it is emptied, and only its owner may read it. */
export class RecordingSink {
  readonly #name: string;
  readonly #file: number;

  /** Fails with CommandError when it cannot be written. */
  constructor(name: string) {
    this.#name = name;
    this.#file = this.#explained(() => openSync(name, "w", 0o600));
  }

  write(text: string): void {
    this.#explained(() => writeAll(this.#file, Buffer.from(text)));
  }

  close(): void {
    closeSync(this.#file);
  }

  #explained<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw cannotWrite(this.#name, error, "Give another file, on a disk with room");
    }
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
