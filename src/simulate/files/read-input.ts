import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { FileFault } from "../../lib/file-fault.ts";
import { whyUnreadable } from "../../lib/file-problem.ts";

/** The text of a file; what begins like gzip is unpacked, whatever its name. */
export function readInput(file: string): string {
  const bytes = readBytes(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch (error) {
    const hint = "Fetch it again; check it with: gzip -t FILE";
    throw new FileFault(
      file,
      undefined,
      undefined,
      `is a damaged gzip file: ${(error as Error).message}`,
      hint,
    );
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const problem = `could not be read: ${whyUnreadable(error)}`;
    throw new FileFault(file, undefined, undefined, problem, "Check its name and the folder you are in");
  }
}
