import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { homes, recordOf } from "./home.ts";

const newHome = homes();

/** This machine's addresses beside the one that the server is told to use; Linux answers to all of 127.0.0.0/8. */
function otherAddresses(): string[] {
  const outer = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const reachable = outer
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address);
  return [...reachable, ...(process.platform === "linux" ? ["127.0.0.2"] : []), "::1"];
}

/** What a connection attempt came to: `open`, or the system's code. */
function knock(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const end = (how: string) => {
      socket.destroy();
      resolve(how);
    };
    socket.on("connect", () => end("open"));
    socket.on("timeout", () => end("timeout"));
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/** Local addresses on which the port is listened to, as the kernel writes them (hexadecimal, little-endian). */
function listeners(port: number): string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = ["tcp", "tcp6"].flatMap((file) => readFileSync(`/proc/net/${file}`, "utf8").split("\n"));
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && local?.endsWith(end))
    .map(([, local]) => (local as string).slice(0, -end.length));
}

const LISTEN = "0A";
const LOOPBACK = "0100007F";

describe("a fault of the earlier system stays dead: it listened on every interface", () => {
  it.each([[["server", "start"]], [["server", "start", "--port", "0"]], [["nodes", "list"]]])(
    "kubesim %j listens on loopback only",
    async (argv) => {
      const home = newHome();
      await home.succeed(argv);
      const { port, url } = recordOf(home);
      expect(new URL(url).hostname).toBe("127.0.0.1");
      expect(await knock("127.0.0.1", port)).toBe("open");
      for (const address of otherAddresses()) {
        expect([address, await knock(address, port)]).not.toEqual([address, "open"]);
      }
      if (process.platform === "linux") expect(listeners(port)).toEqual([LOOPBACK]);
    },
  );

  it("offers nothing that lets it listen elsewhere, and no debugger", async () => {
    const home = newHome();
    const elsewhere = await home.run(["server", "start", "--host", "0.0.0.0"]);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining("--host")]);
    await home.succeed(["server", "start"]);
    const { pid } = recordOf(home);
    if (process.platform === "linux") {
      expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain("--inspect");
    }
  });
});
