/** One thing in an archive. */
export interface TarEntry {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink";
  readonly mode: number;
  /** Seconds since the epoch. */
  readonly modifiedS: number;
  readonly content: Uint8Array;
  /** Where a symbolic link points. */
  readonly target: string;
}

const BLOCK = 512;
const NAME_BYTES = 100;
const TYPES = { file: "0", directory: "5", symlink: "2" } as const;

/** Writes an archive in POSIX ustar form; names that are too long for it as GNU tar does. */
export function* writeTar(entries: Iterable<TarEntry>): Generator<Buffer> {
  for (const entry of entries) {
    const path = entry.type === "directory" && !entry.path.endsWith("/") ? `${entry.path}/` : entry.path;
    for (const [type, text] of [
      ["K", entry.target],
      ["L", path],
    ] as const) {
      if (Buffer.byteLength(text) > NAME_BYTES) yield* longName(type, text);
    }
    const content = entry.type === "file" ? Buffer.from(entry.content) : Buffer.alloc(0);
    yield header(path, TYPES[entry.type], content.length, entry);
    yield content;
    yield padding(content.length);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function* longName(type: string, text: string): Generator<Buffer> {
  const bytes = Buffer.from(`${text}\0`);
  yield header("././@LongLink", type, bytes.length, { mode: 0o644, modifiedS: 0, target: "" });
  yield bytes;
  yield padding(bytes.length);
}

function padding(length: number): Buffer {
  return Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);
}

function header(
  path: string,
  type: string,
  size: number,
  { mode, modifiedS, target }: Pick<TarEntry, "mode" | "modifiedS" | "target">,
): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, "0"), offset);
  block.write(path, 0, NAME_BYTES);
  octal(mode & 0o7777, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(modifiedS, 136, 12);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write(target, 157, NAME_BYTES);
  block.write("ustar\x0000", 257, "latin1");
  block.write("root", 265);
  block.write("root", 297);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Reads an archive of any of the common forms (ustar, GNU long names, pax). Fails with Error when it is none. */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let offset = 0;
  let next: { path?: string; target?: string; size?: number } = {};
  while (offset + BLOCK <= archive.length) {
    const block = archive.subarray(offset, offset + BLOCK);
    if (block.every((byte) => byte === 0)) return;
    checkSum(block);
    const type = String.fromCharCode(block[156] as number);
    const size = next.size ?? number(block, 124, 12);
    const start = offset + BLOCK;
    if (start + size > archive.length) throw new Error("Unexpected EOF in archive");
    const content = archive.subarray(start, start + size);
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "L") next.path = text(content, 0, size);
    else if (type === "K") next.target = text(content, 0, size);
    else if (type === "x") next = { ...next, ...paxRecords(content) };
    else if (type !== "g") {
      const entry = entryOf(block, type, content, next);
      next = {};
      if (entry !== undefined) yield entry;
    }
  }
  if (offset < archive.length) throw new Error(NO_ARCHIVE);
}

const NO_ARCHIVE = "This does not look like a tar archive";

function entryOf(
  block: Buffer,
  type: string,
  content: Buffer,
  next: { readonly path?: string; readonly target?: string },
): TarEntry | undefined {
  const prefix = text(block, 345, 155);
  const name = text(block, 0, NAME_BYTES);
  const path = next.path ?? (prefix === "" ? name : `${prefix}/${name}`);
  const kind = type === "5" ? "directory" : type === "2" ? "symlink" : "file";
  if (!["0", "\0", "2", "5", "7"].includes(type)) return undefined;
  const target = next.target ?? text(block, 157, NAME_BYTES);
  return {
    path,
    type: kind,
    mode: number(block, 100, 8),
    modifiedS: number(block, 136, 12),
    content,
    target,
  };
}

/** Records of `LENGTH KEY=VALUE\n`. */
function paxRecords(content: Buffer): { path?: string; target?: string; size?: number } {
  const found: { path?: string; target?: string; size?: number } = {};
  let offset = 0;
  while (offset < content.length) {
    const space = content.indexOf(0x20, offset);
    const length = Number(content.toString("latin1", offset, space));
    if (space < 0 || !Number.isInteger(length) || length <= 0) break;
    const record = content.toString("utf8", space + 1, offset + length - 1);
    const equals = record.indexOf("=");
    const value = record.slice(equals + 1);
    if (record.startsWith("path=")) found.path = value;
    else if (record.startsWith("linkpath=")) found.target = value;
    else if (record.startsWith("size=")) found.size = Number(value);
    offset += length;
  }
  return found;
}

function text(bytes: Buffer, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

function number(block: Buffer, offset: number, length: number): number {
  const value = Number.parseInt(text(block, offset, length).trim() || "0", 8);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(NO_ARCHIVE);
  return value;
}

function checkSum(block: Buffer): void {
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== number(block, 148, 8)) throw new Error(NO_ARCHIVE);
}
