import { describe, expect, it } from "vitest";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { createInMemoryServer, type Json } from "../in-memory-server.ts";
import { subject } from "./changes.ts";

const HIDDEN = 'env[1]: hides previous definition of "A", which may be dropped when using apply';

/** What a writer is told who is not refused. */
async function told(kind: unknown, change: (object: Json) => void, query = ""): Promise<string[]> {
  const server = await createInMemoryServer();
  const { collection, sound } = subject(kind);
  const object = JSON.parse(JSON.stringify(sound));
  change(object);
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", body: JSON.stringify(object), headers };
  const response = await server.fetch(collection + query, init);
  expect(response.status).toBe(201);
  const header = response.headers.get("warning") ?? "";
  return [...header.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text]) =>
    (text as string).replaceAll("\\", ""),
  );
}

describe("what is taken and hardly meant", () => {
  it.each<[string, (spec: Json) => void, string]>([
    [
      "thousandths of bytes",
      (spec) => {
        spec.containers[0].resources = { requests: { memory: "512m" } };
      },
      'spec.containers[0].resources.requests[memory]: fractional byte value "512m" is invalid, must be an integer',
    ],
    [
      "a variable given twice",
      (spec) => {
        spec.containers[0].env = [{ name: "A" }, { name: "A", value: "1" }];
      },
      `spec.containers[0].${HIDDEN}`,
    ],
    [
      "a grace period of less than nothing",
      (spec) => {
        spec.terminationGracePeriodSeconds = -1;
      },
      "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
    ],
    [
      "a label of old",
      (spec) => {
        spec.nodeSelector = { "beta.kubernetes.io/os": "linux" };
      },
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    ],
  ])("is told: %s", async (_, change, warning) => {
    expect(await told(pods, ({ spec }) => change(spec), "?fieldValidation=Strict")).toEqual([warning]);
    expect(await told(deployments, ({ spec }) => change(spec.template.spec))).toEqual([
      `spec.template.${warning}`,
    ]);
  });

  it("is told of fields that nobody knows, unless that is not wanted", async () => {
    const misspell = (object: Json) => {
      object.spec.containers[0].imagee = "nginx";
    };
    const unknown = ['unknown field "spec.containers[0].imagee"'];
    expect(await told(pods, misspell)).toEqual(unknown);
    expect(await told(pods, misspell, "?fieldValidation=Warn")).toEqual(unknown);
    expect(await told(pods, misspell, "?fieldValidation=Ignore")).toEqual([]);
  });
});
