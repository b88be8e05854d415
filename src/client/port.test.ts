import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { explainListenError, portOwner } from "./port.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

async function takePort(): Promise<number> {
  server = createServer();
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

describe("ports", () => {
  it.runIf(process.platform === "linux")("names the process that listens", async () => {
    const port = await takePort();
    expect(await portOwner(port)).toMatchObject({ pid: process.pid });
    const taken = await explainListenError(port, Object.assign(new Error("x"), { code: "EADDRINUSE" }));
    expect(taken?.message).toMatch(new RegExp(`^Port ${port} is taken by .+ \\(pid ${process.pid}\\)$`));
  });

  it("explains only what is about ports", async () => {
    const denied = await explainListenError(80, Object.assign(new Error("x"), { code: "EACCES" }));
    expect(denied?.message).toBe("Port 80 may not be used: permission denied");
    expect(await explainListenError(80, new Error("something else"))).toBeUndefined();
  });
});
