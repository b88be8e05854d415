import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createTlsFiles } from "../../src/server/tls.ts";
import { homes, recordOf, stateOf } from "./home.ts";

const newHome = homes();
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listening(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", () => resolve()));
  closers.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("a server that is not kubesim's", () => {
  it("speaks HTTP and not Kubernetes: exit code 3 and a hint", async () => {
    const home = newHome();
    const server = createHttpServer((_request, response) => response.end("<html>It works</html>"));
    const url = `http://127.0.0.1:${await listening(server)}`;
    const { code, stdout, stderr } = await home.run(["nodes", "list", "--server", url]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain(`The server at ${url} is not a Kubernetes API`);
    expect(stderr).toContain("hint: ");
  });

  it("has another certificate: exit code 3, and it never sees the token", async () => {
    const home = newHome();
    await home.succeed(["server", "start"]);
    const tls = await createTlsFiles(Date.now());
    const seen: unknown[] = [];
    const server = createHttpsServer({ cert: tls.cert, key: tls.key }, (request, response) => {
      seen.push(request.headers.authorization);
      response.end("{}");
    });
    const url = `https://127.0.0.1:${await listening(server)}`;
    const { token, authority } = stateOf(home);
    const env = { KUBESIM_SERVER: url, KUBESIM_TOKEN_FILE: token, KUBESIM_CA_FILE: authority };
    const { code, stderr } = await home.run(["nodes", "list"], { env });
    expect(code).toBe(3);
    expect(stderr).toContain("its certificate is not the cluster's");
    expect(seen).toEqual([]);
  });

  it("speaks no TLS, or no HTTP at all: exit code 3", async () => {
    const home = newHome();
    const babbler = createTcpServer((socket) => socket.on("error", () => {}).end("220 smtp ready\r\n"));
    const port = await listening(babbler);
    for (const scheme of ["http", "https"]) {
      const { code, stderr } = await home.run(["nodes", "list", "--server", `${scheme}://127.0.0.1:${port}`]);
      expect([scheme, code]).toEqual([scheme, 3]);
      expect(stderr).toContain("Couldn't reach the server");
    }
  });

  it("is not there: exit code 3 at once", async () => {
    const home = newHome();
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const { code, stderr } = await home.run(["nodes", "list", "--server", `https://127.0.0.1:${port}`]);
    expect(code).toBe(3);
    expect(stderr).toContain("nothing listens there");
  });

  it.each(["not a url", "ftp://x", "https://user:secret@127.0.0.1:1"])(
    "has no address like %j: exit code 2",
    async (url) => {
      const { code, stderr } = await newHome().run(["nodes", "list", "--server", url]);
      expect(code).toBe(2);
      expect(stderr).toContain("is no address of a server");
    },
  );
});

describe("a taken port", () => {
  it("is an error that names the owner when it was asked for", async () => {
    const home = newHome();
    const port = await listening(createTcpServer());
    const { code, stderr } = await home.run(["server", "start", "--port", String(port)]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken by `);
    if (process.platform === "linux") expect(stderr).toContain(`(pid ${process.pid})`);
    expect(stderr).toContain("hint: Choose another port");
  });

  it("that was the cluster's own is left to whoever has it; kubeconfig follows to the new one", async () => {
    const home = newHome();
    await home.succeed(["nodes", "add", "a"]);
    const before = recordOf(home);
    await home.succeed(["server", "stop"]);
    await listening(
      createHttpServer((_request, response) => response.end("mine now")),
      before.port,
    );
    const { stdout } = await home.succeed(["nodes", "list", "-o", "name"]);
    expect(stdout).toBe("node/a\n");
    const after = recordOf(home);
    expect(after.port).not.toBe(before.port);
    expect(readFileSync(stateOf(home).kubeconfig, "utf8")).toContain(`server: ${after.url}\n`);
  });
});

describe("another cluster by its address", () => {
  it("is reached by --server alone when it is of this machine, and by a context of the kubeconfig", async () => {
    const home = newHome();
    await home.succeed(["nodes", "add", "a", "--cluster", "one"]);
    const { url } = recordOf(home, "one");
    const names = ["nodes", "list", "-o", "name"];
    expect((await home.succeed([...names, "--server", url])).stdout).toBe("node/a\n");
    const env = { KUBECONFIG: stateOf(home, "one").kubeconfig };
    expect((await home.succeed([...names, "--context", "kubesim-one"], { env })).stdout).toBe("node/a\n");
    const both = await home.run([...names, "--server", url, "--context", "kubesim-one"], { env });
    expect(both.code).toBe(2);
    const unknown = await home.run([...names, "--context", "nope"], { env });
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("There is: kubesim-one")]);
  });
});
