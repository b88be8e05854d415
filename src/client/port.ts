import { readdir, readFile, readlink } from "node:fs/promises";
import { codeOf, LocalError } from "./errors.ts";

const LISTENING = "0A";

/** Says why a server could not listen; undefined when the error is about something else. */
export async function explainListenError(port: number, error: unknown): Promise<LocalError | undefined> {
  const code = codeOf(error);
  if (code === "EADDRINUSE") {
    const owner = await portOwner(port);
    const by = owner === undefined ? "another program" : `${owner.command} (pid ${owner.pid})`;
    return new LocalError(
      `Port ${port} is taken by ${by}`,
      "Choose another port, or leave --port out to get a free one",
      {
        cause: error,
      },
    );
  }
  if (code === "EACCES") {
    return new LocalError(`Port ${port} may not be used: permission denied`, "Choose a port above 1023", {
      cause: error,
    });
  }
  return undefined;
}

/** Who listens on a loopback port, where the system tells (Linux, own processes). */
export async function portOwner(
  port: number,
): Promise<{ readonly pid: number; readonly command: string } | undefined> {
  try {
    const inodes = await listeningInodes(port);
    if (inodes.size === 0) return undefined;
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid) || !(await holdsSocket(pid, inodes))) continue;
      return { pid: Number(pid), command: (await readFile(`/proc/${pid}/comm`, "utf8")).trim() };
    }
  } catch {
    // No /proc here: the owner stays unknown.
  }
  return undefined;
}

/** proc(5), /proc/net/tcp: local address and port in hexadecimal, state, and the socket's inode in column 10. */
async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "latin1").catch(() => "")),
  );
  const rows = tables.flatMap((table) => table.split("\n").map((line) => line.trim().split(/\s+/)));
  const matching = rows.filter((row) => row[1]?.endsWith(suffix) && row[3] === LISTENING);
  return new Set(matching.map((row) => `socket:[${row[9]}]`));
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => "")));
  return targets.some((target) => inodes.has(target));
}
