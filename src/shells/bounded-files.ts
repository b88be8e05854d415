import { type FileContent, InMemoryFs } from "just-bash/browser";

/** What one file system may hold, and all of them together. */
const EACH_BYTES_MAX = 64 * 1024 * 1024;
const ALL_BYTES_MAX = 128 * 1024 * 1024;

/** What the kernel says when a disk is full; just-bash ends the script with it. */
export const DISK_FULL = "No space left on device";

/** The memory that all file systems share, as they would share the disk of a node. */
export class SharedSpace {
  readonly #files = new Set<BoundedFiles>();
  readonly #bytesMax: number;

  constructor(bytesMax: number = ALL_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** An empty file system in it. */
  open(): BoundedFiles {
    const files = new BoundedFiles(this);
    this.#files.add(files);
    return files;
  }

  /** The file system is gone, and what it held is free. */
  close(files: BoundedFiles): void {
    this.#files.delete(files);
  }

  /** Fails with Error where so many more bytes would be too many. */
  check(files: BoundedFiles, addedBytes: number): void {
    let all = addedBytes;
    for (const each of this.#files) all += each.heldBytes;
    if (all > this.#bytesMax || files.heldBytes + addedBytes > EACH_BYTES_MAX) throw new Error(DISK_FULL);
  }
}

/** A file system in memory that is full when its space is. */
export class BoundedFiles extends InMemoryFs {
  readonly #space: SharedSpace;

  constructor(space: SharedSpace) {
    super();
    this.#space = space;
  }

  /** Contents that several names share count once. */
  get heldBytes(): number {
    // just-bash counts this itself, and shows it to nobody.
    return (this as unknown as { readonly retainedBytes: number }).retainedBytes;
  }

  override async writeFile(...args: Parameters<InMemoryFs["writeFile"]>): Promise<void> {
    this.#space.check(this, bytesOf(args[1]));
    await super.writeFile(...args);
  }

  override async appendFile(...args: Parameters<InMemoryFs["appendFile"]>): Promise<void> {
    this.#space.check(this, bytesOf(args[1]));
    await super.appendFile(...args);
  }

  override async cp(...args: Parameters<InMemoryFs["cp"]>): Promise<void> {
    this.#space.check(this, (await this.stat(args[0])).size);
    await super.cp(...args);
  }
}

function bytesOf(content: FileContent): number {
  return typeof content === "string" ? Buffer.byteLength(content) : content.length;
}
