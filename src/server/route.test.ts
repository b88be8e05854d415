import { describe, expect, it } from "vitest";
import { KINDS } from "../api/registry.ts";
import { fixedKinds } from "../api/served-kinds.ts";
import { createRouter } from "./route.ts";

const route = createRouter(fixedKinds(KINDS));

function place(path: string): string | undefined {
  const found = route(path);
  return (
    found &&
    [found.kind.plural, found.namespace, found.name, found.subresource].map((part) => part ?? "-").join(" ")
  );
}

describe("router", () => {
  it("finds collections, objects and subresources", () => {
    expect(place("/api/v1/pods")).toBe("pods - - -");
    expect(place("/api/v1/namespaces/default/pods")).toBe("pods default - -");
    expect(place("/api/v1/namespaces/default/pods/")).toBe("pods default - -");
    expect(place("/api/v1/namespaces/default/pods/web-0")).toBe("pods default web-0 -");
    expect(place("/api/v1/namespaces/default/pods/web-0/status")).toBe("pods default web-0 status");
    expect(place("/api/v1/nodes/node-1/status")).toBe("nodes - node-1 status");
    expect(place("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n")).toBe(
      "leases kube-node-lease n -",
    );
    expect(place("/apis/kubesim.dev/v1alpha1/nodefaults")).toBe("nodefaults - - -");
  });

  it("tells the kind Namespace from the namespace of a path", () => {
    expect(place("/api/v1/namespaces")).toBe("namespaces - - -");
    expect(place("/api/v1/namespaces/default")).toBe("namespaces - default -");
    expect(place("/api/v1/namespaces/default/status")).toBe("namespaces - default status");
    expect(place("/api/v1/namespaces/pods/pods/pods")).toBe("pods pods pods -");
  });

  it("leaves what stands behind a proxy as it is", () => {
    const rest = (path: string) => route(path)?.rest;
    expect(place("/api/v1/namespaces/default/pods/http:web:80/proxy/a/b/")).toBe(
      "pods default http:web:80 proxy",
    );
    expect(rest("/api/v1/namespaces/default/pods/web/proxy/a%2Fb//c/")).toBe("/a%2Fb//c/");
    expect(rest("/api/v1/namespaces/default/services/web/proxy")).toBe("");
    expect(rest("/api/v1/nodes/node-1/proxy/pods/proxy/x")).toBe("/pods/proxy/x");
    expect(rest("/api/v1/namespaces/default/pods/proxy")).toBeUndefined();
    expect(place("/api/v1/namespaces/default/configmaps/a/proxy/b")).toBeUndefined();
  });

  it("finds nothing elsewhere", () => {
    for (const path of [
      "/",
      "",
      "/api",
      "/api/v2/pods",
      "/api/v1/gizmos",
      "/apis/kubesim.dev/v1/nodefaults",
      "/apis/pods",
      "/api/v1/pods/web-0",
      "/api/v1/nodes/a/b/c",
      "/api/v1/namespaces/default/pods/a/b/c",
      "/api/v1/namespaces/default/nodes/a",
      "/api/v1/__proto__",
      "/apis/constructor/prototype/x",
    ]) {
      expect(place(path), path).toBeUndefined();
    }
  });

  it("takes no name that would lead elsewhere", () => {
    for (const name of [
      "..",
      ".",
      "%2e%2e",
      "a%2fb",
      "a%5Cb",
      "a%00b",
      "a%20b",
      "%C3%A9",
      "a%25b",
      "x".repeat(254),
    ]) {
      expect(place(`/api/v1/namespaces/default/pods/${name}`), name).toBeUndefined();
      expect(place(`/api/v1/namespaces/${name}/pods`), name).toBeUndefined();
    }
    expect(() => place("/api/v1/nodes/%E0%80%AF")).toThrow(expect.objectContaining({ reason: "BadRequest" }));
    expect(place("/api/v1/nodes/node%2D1")).toBe("nodes - node-1 -");
  });
});
