import { readFileSync } from "node:fs";
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Home } from "./program.ts";

/** What the built program says in YAML: the bundle brings its own reader and writer, loaded on first need. */
describe("YAML", () => {
  const home = new Home();
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", "memory"]);
    await home.succeed(["nodes", "add", "a"]);
  });
  afterAll(() => home.remove());

  it.each([
    ["nodes", "list"],
    ["strategy", "list"],
    ["timing", "get"],
  ])("kubesim %s %s -o yaml says what -o json says", async (...command) => {
    const json = await home.succeed([...command, "-o", "json"]);
    const yaml = await home.succeed([...command, "-o", "yaml"]);
    expect(withoutVersions(parse(yaml.stdout))).toEqual(withoutVersions(JSON.parse(json.stdout)));
  });

  it("a body in YAML is taken by a running server, and a broken one is refused", async () => {
    const made = await post(home, "apiVersion: v1\nkind: Namespace\nmetadata: {name: tea}\n");
    expect(made).toMatchObject({ code: 201, body: { metadata: { name: "tea" } } });
    const refused = await post(home, "a: [");
    expect(refused).toMatchObject({ code: 400, body: { reason: "BadRequest" } });
  });
});

/** Heartbeats go on between two reads. */
function withoutVersions(value: unknown): unknown {
  const skip = new Set(["resourceVersion", "lastHeartbeatTime"]);
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (skip.has(key) ? undefined : inner)));
}

interface Answer {
  readonly code: number | undefined;
  readonly body: unknown;
}

async function post(home: Home, text: string): Promise<Answer> {
  const path = (await home.succeed(["kubeconfig", "--path"])).stdout.trim();
  const config = parse(readFileSync(path, "utf8")) as {
    clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
    users: [{ user: { token: string } }];
  };
  const { server, "certificate-authority-data": authority } = config.clusters[0].cluster;
  const options = {
    method: "POST",
    ca: Buffer.from(authority, "base64"),
    headers: {
      authorization: `Bearer ${config.users[0].user.token}`,
      "content-type": "application/yaml",
    },
  };
  return new Promise((resolve, reject) => {
    const call = request(`${server}/api/v1/namespaces`, options, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ code: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) as unknown });
    });
    call.on("error", reject);
    call.end(text);
  });
}
