import { expect, it } from "vitest";
import { KINDS } from "../registry.ts";
import { openApiDocument } from "./openapi.ts";

const VERSION = "v1.33.0";

const GROUP_VERSIONS = ["api/v1", "apis/coordination.k8s.io/v1", "apis/kubesim.dev/v1alpha1"];

it("says of every kind that its patch checks fields, and which patches it takes", async () => {
  for (const groupVersion of GROUP_VERSIONS) {
    const { paths } = await openApiDocument(KINDS, groupVersion, VERSION);
    const ofObjects = Object.keys(paths).filter((path) => path.endsWith("/{name}"));
    const patches = ofObjects.map((path) => (paths[path] as { patch: Record<string, unknown> }).patch);
    expect(patches.length).toBeGreaterThan(0);
    for (const patch of patches) {
      const { content } = patch.requestBody as { content: object };
      expect(Object.keys(content)).toEqual([
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/strategic-merge-patch+json",
        "application/apply-patch+yaml",
      ]);
      expect(JSON.stringify(patch.parameters)).toContain('"fieldValidation"');
      expect(patch["x-kubernetes-group-version-kind"]).toMatchObject({ kind: expect.any(String) });
    }
  }
});

it("has a path for every kind, with the namespace where there is one", async () => {
  const { paths } = await openApiDocument(KINDS, "api/v1", VERSION);
  expect(Object.keys(paths)).toContain("/api/v1/namespaces/{namespace}/pods/{name}");
  expect(Object.keys(paths)).toContain("/api/v1/nodes/{name}");
});

it("describes every field for explain, under upstream's names", async () => {
  const { components } = await openApiDocument(KINDS, "api/v1", VERSION);
  const pod = components.schemas["io.k8s.api.core.v1.Pod"] as Record<string, unknown>;
  expect(pod["x-kubernetes-group-version-kind"]).toEqual([{ group: "", kind: "Pod", version: "v1" }]);
  expect(pod.description).toMatch(/^Pod is a collection of containers/);
  expect(pod.properties).toMatchObject({
    spec: {
      description: expect.stringMatching(/^Specification of the desired behavior/),
      allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.PodSpec" }],
    },
  });
  const spec = components.schemas["io.k8s.api.core.v1.PodSpec"] as Record<string, unknown>;
  expect(spec.required).toEqual(["containers"]);
  expect(spec.properties).toMatchObject({
    containers: { "x-kubernetes-patch-merge-key": "name", type: "array" },
    nodeSelector: { type: "object", additionalProperties: { type: "string" } },
    terminationGracePeriodSeconds: { type: "integer", format: "int64" },
  });
});

it("says which types server-side apply owns as one value", async () => {
  const { components } = await openApiDocument(KINDS, "api/v1", VERSION);
  const selector = components.schemas["io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"];
  expect(selector).toMatchObject({ "x-kubernetes-map-type": "atomic" });
});

it("has a schema behind every reference", async () => {
  for (const groupVersion of GROUP_VERSIONS) {
    const { components } = await openApiDocument(KINDS, groupVersion, VERSION);
    const names = Object.keys(components.schemas);
    const references = JSON.stringify(components).match(/#\/components\/schemas\/[\w.]+/g) ?? [];
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) expect(names).toContain(reference.split("/")[3]);
  }
});

it("documents every field of kubesim's own kinds", async () => {
  const { components } = await openApiDocument(KINDS, "apis/kubesim.dev/v1alpha1", VERSION);
  for (const [name, schema] of Object.entries(components.schemas)) {
    if (!name.startsWith("dev.kubesim")) continue;
    for (const property of Object.values(schema.properties as object)) {
      expect(property.description, name).toMatch(/\w/);
    }
  }
});
