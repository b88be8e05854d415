import { describe, expect, it } from "vitest";
import { createInMemoryServer, type Json } from "../../test/in-memory-server.ts";
import { KINDS } from "../api/registry.ts";
import { REVIEWS } from "./reviews/registry.ts";
import { otherVersions } from "./versioned-objects.ts";

const aggregated = (version: string) =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

/** Of the registry, in its order, without the core group. */
const SERVED = [...KINDS, ...otherVersions(KINDS), ...REVIEWS.map(({ kind }) => kind)];
const GROUPS = [...new Set(SERVED.map((kind) => kind.group))].filter((group) => group !== "");

describe("aggregated discovery", () => {
  it("says which version of its own format it speaks: the one that was asked for", async () => {
    const { fetch } = await createInMemoryServer();
    for (const version of ["v2", "v2beta1"]) {
      const response = await fetch("/apis", {
        headers: { accept: `${aggregated(version)},application/json` },
      });
      expect(response.headers.get("content-type")).toBe(aggregated(version));
      expect(((await response.json()) as Json).apiVersion).toBe(`apidiscovery.k8s.io/${version}`);
    }
  });

  it("lists the core group without a name, and pods with their subresources", async () => {
    const { get } = await createInMemoryServer();
    const { items } = await get("/api", aggregated("v2"));
    expect(items).toHaveLength(1);
    expect(items[0].metadata.name).toBeUndefined();
    const pods = items[0].versions[0].resources.find((each: Json) => each.resource === "pods");
    expect(pods).toMatchObject({
      responseKind: { group: "", version: "v1", kind: "Pod" },
      scope: "Namespaced",
      singularResource: "pod",
      shortNames: ["po"],
      categories: ["all"],
    });
    const eviction = pods.subresources.find((each: Json) => each.subresource === "eviction");
    expect(eviction).toEqual({
      subresource: "eviction",
      responseKind: { group: "policy", version: "v1", kind: "Eviction" },
      verbs: ["create"],
    });
  });

  it("lists only reading verbs for what clients only read", async () => {
    const { get } = await createInMemoryServer();
    const { resources } = await get("/apis/kubesim.dev/v1alpha1");
    const decisions = resources.find((each: Json) => each.name === "schedulingdecisions");
    expect(decisions.verbs).toEqual(["get", "list"]);
  });

  it("names every other group", async () => {
    const { get } = await createInMemoryServer();
    const { items } = await get("/apis/", aggregated("v2"));
    expect(items.map((item: Json) => item.metadata.name)).toEqual(GROUPS);
  });
});

describe("legacy discovery", () => {
  it("lists versions, groups and resources", async () => {
    const { get } = await createInMemoryServer();
    expect(await get("/api")).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const { groups } = await get("/apis");
    expect(groups.map((group: Json) => group.name)).toEqual(GROUPS);
    expect(groups.find((group: Json) => group.name === "kubesim.dev")).toMatchObject({
      name: "kubesim.dev",
      preferredVersion: { groupVersion: "kubesim.dev/v1alpha1" },
    });
    expect(await get("/apis/kubesim.dev")).toMatchObject({ kind: "APIGroup", name: "kubesim.dev" });
    const leases = await get("/apis/coordination.k8s.io/v1");
    expect(leases).toMatchObject({ kind: "APIResourceList", groupVersion: "coordination.k8s.io/v1" });
  });

  it("has pods/eviction as drain looks for it", async () => {
    const { get } = await createInMemoryServer();
    const { resources } = await get("/api/v1");
    const entry = resources.find((each: Json) => each.name === "pods/eviction");
    expect(entry).toMatchObject({
      group: "policy",
      version: "v1",
      kind: "Eviction",
      namespaced: true,
      verbs: ["create"],
    });
    const status = resources.find((each: Json) => each.name === "pods/status");
    expect(status).toMatchObject({ kind: "Pod", verbs: ["get", "patch", "update"] });
    expect(status.group).toBeUndefined();
  });
});

describe("OpenAPI", () => {
  it("version 2 is one document, in the form that is asked for and only when it has changed", async () => {
    const { get, fetch } = await createInMemoryServer();
    const asText = await get("/openapi/v2");
    expect(asText.swagger).toBe("2.0");
    const accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    const response = await fetch("/openapi/v2", { headers: { accept } });
    expect(response.headers.get("content-type")).toBe(
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 5)).toEqual(Buffer.from([0x0a, 3, ...Buffer.from("2.0")]));
    const etag = response.headers.get("etag") as string;
    const again = await fetch("/openapi/v2", { headers: { accept, "if-none-match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await fetch("/openapi/v2", { headers: { "if-none-match": etag } })).status).toBe(200);
    expect((await fetch("/openapi/v2", { headers: { accept: "text/html" } })).status).toBe(406);
  });

  it("version 3 has a document per group version, cached by its hash", async () => {
    const { get, fetch } = await createInMemoryServer();
    const { paths } = await get("/openapi/v3");
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(["api/v1", "apis/coordination.k8s.io/v1", "apis/kubesim.dev/v1alpha1"]),
    );
    const url = paths["api/v1"].serverRelativeURL as string;
    const response = await fetch(url);
    expect(response.headers.get("cache-control")).toBe("public, immutable");
    expect(url).toContain((response.headers.get("etag") as string).replaceAll('"', ""));
    const document = (await response.json()) as Json;
    const patch = document.paths["/api/v1/namespaces/{namespace}/pods/{name}"].patch;
    expect(patch["x-kubernetes-group-version-kind"]).toEqual({ group: "", version: "v1", kind: "Pod" });
    expect(Object.keys(patch.requestBody.content)).toContain("application/strategic-merge-patch+json");
    expect((await fetch("/openapi/v3/api/v1")).headers.get("cache-control")).toBe("no-cache");
    expect((await fetch("/openapi/v3/apis/nowhere.example/v1")).status).toBe(404);
  });
});

describe("/version", () => {
  it("is a semantic version that clients of several releases put up with", async () => {
    const { get } = await createInMemoryServer();
    const version = await get("/version");
    expect(version.gitVersion).toBe("v1.33.0+kubesim-1.2.3");
    expect(JSON.stringify(version)).not.toContain(process.versions.node);
  });
});
