import { statfsSync } from "node:fs";
import { ApiError } from "../api/errors.ts";

/** Kept free for what is written beside the records, and for records that are larger than most. */
const MARGIN_BYTES = 4 * 1_024 * 1_024;
/** Deletions may still use most of the margin: they give space back. */
const DELETION_MARGIN_BYTES = 1_024 * 1_024;
/** What one operation may take: the pages on the way to its record, copied, and a record of usual size. */
const OPERATION_BYTES = 16 * 1_024;
/** While commits are under way, so many operations share one look at the disk. */
const OPERATIONS_PER_LOOK = 16;

/**
 * Refuses writes before the disk is full. LMDB's binding does not survive many failed writes, so that it must not be
 * brought to try them; a disk that is filled by others in the very moment of a write is left to the caller.
 */
export class FreeSpace {
  readonly #directory: string;
  #freeBytes = 0;
  #operationsSinceLook = OPERATIONS_PER_LOOK;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * @param underWay operations that are being written
   * @throws ApiError InsufficientStorage when the next operations might not fit
   */
  claim(operations: number, underWay: number, isDeletion: boolean): void {
    const neededBytes =
      (isDeletion ? DELETION_MARGIN_BYTES : MARGIN_BYTES) + (operations + underWay) * OPERATION_BYTES;
    this.#operationsSinceLook += operations;
    const isFresh = underWay > 0 && this.#operationsSinceLook < OPERATIONS_PER_LOOK;
    if (!isFresh || this.#freeBytes < neededBytes) this.#look();
    if (this.#freeBytes >= neededBytes) return;
    const freeMiB = (this.#freeBytes / 1_048_576).toFixed(1);
    const message = `nothing was changed: the disk of the store is full (${freeMiB} MiB left in ${this.#directory})`;
    throw new ApiError("InsufficientStorage", message);
  }

  #look(): void {
    this.#operationsSinceLook = 0;
    try {
      const { bavail, bsize } = statfsSync(this.#directory);
      this.#freeBytes = bavail * bsize;
    } catch {
      // A file system that does not tell how full it is must not stop the store.
      this.#freeBytes = Number.POSITIVE_INFINITY;
    }
  }
}
