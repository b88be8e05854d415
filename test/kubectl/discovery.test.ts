import { expect, it } from "vitest";
import { binaries, kubectlFor } from "./kubectl.ts";
import { withKubectl } from "./suite.ts";

withKubectl("discovers", (stage) => {
  it("the kinds with their short names, verbs and categories", async () => {
    const { kubectl } = stage();
    const table = await kubectl("api-resources", "-o", "wide");
    expect(table).toMatch(
      /pods\s+po\s+v1\s+true\s+Pod\s+create,delete,deletecollection,get,list,patch,update,watch\s+all/,
    );
    expect(table).toMatch(/nodefaults\s+nf\s+kubesim\.dev\/v1alpha1\s+false\s+NodeFault/);
    const versions = (await kubectl("api-versions")).trim().split("\n");
    expect(versions).toEqual(
      expect.arrayContaining(["coordination.k8s.io/v1", "kubesim.dev/v1alpha1", "v1"]),
    );
  });

  it("the server's version", async () => {
    const { kubectl } = stage();
    const version = JSON.parse(await kubectl("version", "-o", "json")) as {
      serverVersion: { gitVersion: string };
    };
    expect(version.serverVersion.gitVersion).toMatch(/^v1\.\d+\.\d+\+kubesim/);
  });

  it("that the server speaks HTTP/2", async () => {
    const { kubectl } = stage();
    const { stderr } = await kubectl.run(["get", "nodes"], { env: { GODEBUG: "http2debug=1" } });
    expect(stderr).toMatch(/http2: Transport received SETTINGS .*MAX_CONCURRENT_STREAMS=100/);
    expect(stderr).toMatch(/http2: Transport received DATA flags=END_STREAM/);
  });

  it("the meaning of fields", async () => {
    const { kubectl } = stage();
    expect(await kubectl("explain", "pod.spec.containers")).toMatch(/FIELD: containers <\[\]Container>/);
    expect(await kubectl("explain", "node.status.allocatable")).toContain("map[string]Quantity");
    expect(await kubectl("explain", "nodefaults.spec")).toMatch(/nodeName\s+<string> -required-/);
    expect((await kubectl.run(["explain", "pod.spec.nonsense"])).stderr).toContain(
      'field "nonsense" does not exist',
    );
  });

  it("the meaning of fields by OpenAPI v2", async () => {
    const { kubectl } = stage();
    const explain = (what: string) => kubectl("explain", "--output=plaintext-openapiv2", what);
    expect(await explain("pod.spec.containers")).toMatch(/RESOURCE: containers <\[\]Object>/);
    expect(await explain("deployment.spec")).toMatch(
      /selector\s+<Object> -required-\s+Label selector for pods/,
    );
    expect(await explain("nodefaults.spec")).toMatch(/nodeName\s+<string> -required-/);
  });

  it("raw paths", async () => {
    const { kubectl } = stage();
    expect(await kubectl("get", "--raw", "/readyz")).toBe("ok");
    const { stderr } = await kubectl.run(["get", "--raw", "/nowhere"]);
    expect(stderr).toContain("the server could not find the requested resource");
  });

  it("that a wrong token is refused", async () => {
    const { kubectl, server } = stage();
    const stranger = kubectlFor(kubectl.binary, { ...server, token: "wrong" });
    const { code, stderr } = await stranger.run(["get", "pods"]);
    stranger.dispose();
    expect(code).toBe(1);
    expect(stderr).toContain("You must be logged in to the server");
  });
});

/** With one of them, as it takes many calls. */
withKubectl(
  "explains every field",
  (stage) => {
    it("of everything that is served", async () => {
      const { kubectl } = stage();
      const lines = (await kubectl("api-resources", "--no-headers")).trim().split("\n");
      expect(lines.length).toBeGreaterThan(25);
      for (const line of lines) {
        const [, name, version] = /^(\S+) .*?(\S+) +(?:true|false) +\S+$/.exec(line) as unknown as string[];
        const asked = ["explain", name as string, `--api-version=${version}`, "--recursive"];
        const { code, stdout, stderr } = await kubectl.run(asked);
        expect([code, stderr], name).toEqual([0, ""]);
        expect(stdout, name).toMatch(
          /KIND: +\w+\nVERSION: +\w+[\s\S]*FIELDS:\n[\s\S]*metadata\t<ObjectMeta>/,
        );
      }
    });
  },
  binaries.slice(-1),
);
