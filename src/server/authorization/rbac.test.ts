import { beforeEach, describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json } from "../../../test/in-memory-server.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const ACCOUNT = "system:serviceaccount:default:bot";

let server: InMemoryServer;
let token: string;

/** Sends as the service account `bot`. */
function asBot(method: string, path: string, body?: unknown, headers = {}) {
  return server.send(method, path, body, { authorization: `Bearer ${token}`, ...headers });
}

function role(name: string, rules: unknown[]): Json {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name }, rules };
}

function binding(name: string, kind: string, roleName: string): Json {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: roleName },
    subjects: [{ kind: "ServiceAccount", name: "bot", namespace: "default" }],
  };
}

async function grant(name: string, rules: unknown[]): Promise<void> {
  await server.send("POST", `${RBAC}/namespaces/default/roles`, role(name, rules));
  await server.send("POST", `${RBAC}/namespaces/default/rolebindings`, binding(name, "Role", name));
  await server.clock.settle();
}

beforeEach(async () => {
  server = await createInMemoryServer();
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await server.send("POST", accounts, { metadata: { name: "bot" } });
  const { body } = await server.send("POST", `${accounts}/bot/token`, {});
  token = body.status.token;
});

describe("a service account", () => {
  it("may look at the API, ask about itself, and nothing else", async () => {
    for (const path of ["/api", "/apis/apps/v1", "/openapi/v3", "/version"]) {
      expect((await server.fetch(path, { headers: { authorization: `Bearer ${token}` } })).status, path).toBe(
        200,
      );
    }
    expect((await asBot("GET", "/metrics")).body.message).toBe(
      `forbidden: User "${ACCOUNT}" cannot get path "/metrics"`,
    );
    const who = await asBot("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {});
    expect(who.body.status.userInfo).toMatchObject({
      username: ACCOUNT,
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    });
  });

  it.each([
    ["GET", "/api/v1/namespaces/default/pods", "pods is forbidden", 'list resource "pods"'],
    ["GET", "/api/v1/namespaces/default/pods?watch=1", "pods is forbidden", 'watch resource "pods"'],
    ["DELETE", "/api/v1/namespaces/default/pods", "pods is forbidden", 'deletecollection resource "pods"'],
    ["GET", "/api/v1/namespaces/default/pods/x", 'pods "x" is forbidden', 'get resource "pods"'],
    [
      "POST",
      "/api/v1/namespaces/default/pods/x/eviction",
      'pods "x" is forbidden',
      'create resource "pods/eviction"',
    ],
  ])("is refused %s %s", async (method, path, what, verb) => {
    const { status, body } = await asBot(method, path, method === "POST" ? {} : undefined);
    expect(status).toBe(403);
    expect(body.message).toBe(
      `${what}: User "${ACCOUNT}" cannot ${verb} in API group "" in the namespace "default"`,
    );
    expect(body).toMatchObject({ reason: "Forbidden", details: { kind: "pods" } });
  });

  it("is told when it asks for the whole cluster, and of groups", async () => {
    const { body } = await asBot("GET", "/apis/apps/v1/deployments");
    expect(body.message).toBe(
      `deployments.apps is forbidden: User "${ACCOUNT}" cannot list resource "deployments" ` +
        'in API group "apps" at the cluster scope',
    );
  });

  it("gets what a binding gives, in that namespace, at once and until it is taken away", async () => {
    const pods = "/api/v1/namespaces/default/pods";
    await grant("reader", [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }]);
    expect((await asBot("GET", pods)).status).toBe(200);
    expect((await asBot("GET", "/api/v1/namespaces/kube-system/pods")).status).toBe(403);
    expect((await asBot("POST", pods, {})).status).toBe(403);
    await server.send("DELETE", `${RBAC}/namespaces/default/rolebindings/reader`);
    await server.clock.settle();
    expect((await asBot("GET", pods)).status).toBe(403);
  });

  it("gets objects by name where a rule names them, also as a list of one", async () => {
    await grant("one", [
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["mine"],
        verbs: ["get", "list", "update"],
      },
    ]);
    const maps = "/api/v1/namespaces/default/configmaps";
    await server.send("POST", maps, { metadata: { name: "mine" } });
    expect((await asBot("GET", `${maps}/mine`)).status).toBe(200);
    expect((await asBot("GET", `${maps}?fieldSelector=metadata.name%3Dmine`)).status).toBe(200);
    expect((await asBot("GET", maps)).status).toBe(403);
    expect((await asBot("GET", `${maps}/other`)).status).toBe(403);
  });

  it("gets what aggregated roles gather", async () => {
    await server.send("POST", `${RBAC}/namespaces/default/rolebindings`, binding("v", "ClusterRole", "view"));
    await server.clock.settle();
    expect((await asBot("GET", "/apis/apps/v1/namespaces/default/deployments")).status).toBe(200);
    expect((await asBot("GET", "/api/v1/namespaces/default/secrets")).status).toBe(403);
  });

  it("is told when its role is missing", async () => {
    await server.send("POST", `${RBAC}/namespaces/default/rolebindings`, binding("v", "Role", "lost"));
    await server.clock.settle();
    const { body } = await asBot("GET", "/api/v1/namespaces/default/secrets");
    expect(body.message).toMatch(/: RBAC: role\.rbac\.authorization\.k8s\.io "lost" not found$/);
  });
});

describe("nobody gives away what they do not have", () => {
  beforeEach(() =>
    grant("roles", [{ apiGroups: ["*"], resources: ["roles", "rolebindings"], verbs: ["*"] }]),
  );
  const roles = `${RBAC}/namespaces/default/roles`;

  it("in a role, by any verb", async () => {
    const wanted = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }];
    // `*` of verbs has `escalate` in it, so it has to be taken away first.
    await server.send(
      "PATCH",
      `${roles}/roles`,
      {
        rules: [
          {
            apiGroups: ["*"],
            resources: ["roles", "rolebindings"],
            verbs: ["get", "create", "update", "patch"],
          },
        ],
      },
      { "content-type": "application/merge-patch+json" },
    );
    await server.clock.settle();
    const sentence =
      `roles.rbac.authorization.k8s.io "more" is forbidden: user "${ACCOUNT}" ` +
      '(groups=["system:serviceaccounts" "system:serviceaccounts:default" "system:authenticated"]) ' +
      "is attempting to grant RBAC permissions not currently held:\n" +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}';
    const refused = await asBot("POST", roles, role("more", wanted));
    expect(refused).toMatchObject({ status: 403, body: { message: sentence } });
    const held = [{ apiGroups: [""], resources: ["roles"], verbs: ["get"] }];
    expect((await asBot("POST", roles, role("more", held))).status).toBe(201);
    const merge = { "content-type": "application/merge-patch+json" };
    const patched = await asBot("PATCH", `${roles}/more`, { rules: wanted }, merge);
    expect(patched).toMatchObject({ status: 403, body: { message: sentence } });
    expect((await asBot("PATCH", `${roles}/more`, { metadata: { labels: { a: "b" } } }, merge)).status).toBe(
      200,
    );
    const bound = await asBot(
      "POST",
      `${RBAC}/namespaces/default/rolebindings`,
      binding("b", "ClusterRole", "edit"),
    );
    expect(bound.status).toBe(403);
    expect(bound.body.message).toContain("is attempting to grant RBAC permissions not currently held");
  });

  it("unless they may escalate and bind", async () => {
    const wanted = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }];
    expect((await asBot("POST", roles, role("more", wanted))).status).toBe(201);
    const own = binding("b", "Role", "more");
    expect((await asBot("POST", `${RBAC}/namespaces/default/rolebindings`, own)).status).toBe(201);
  });
});

describe("acting as somebody else", () => {
  it("is the master's to do", async () => {
    const headers = { "impersonate-user": "jane", "impersonate-group": "a, b", "impersonate-uid": "1" };
    const who = await server.send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, headers);
    expect(who.body.status.userInfo).toEqual({
      username: "jane",
      uid: "1",
      groups: ["a", "b", "system:authenticated"],
    });
    expect((await server.send("GET", "/api/v1/nodes", undefined, headers)).status).toBe(403);
    const lost = await server.send("GET", "/api/v1/nodes", undefined, { "impersonate-group": "a" });
    expect(lost.status).toBe(400);
    const extra = await server.send("GET", "/api/v1/nodes", undefined, { "impersonate-extra-team": "a" });
    expect(extra).toMatchObject({
      status: 400,
      body: { message: "requested groups, uid or extra without impersonating a user" },
    });
  });

  it("takes what else is known of them along, each right of its own", async () => {
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const extra = { "impersonate-user": "jane", "Impersonate-Extra-acme.com%2Fproject": "lab, attic" };
    const who = await server.send("POST", path, {}, extra);
    expect(who.body.status.userInfo).toEqual({
      username: "jane",
      groups: ["system:authenticated"],
      extra: { "acme.com/project": ["lab, attic"] },
    });
    const rules = [{ verbs: ["impersonate"], apiGroups: [""], resources: ["users"] }];
    await server.send("POST", `${RBAC}/clusterroles`, { metadata: { name: "actor" }, rules });
    const { metadata: _name, ...bound } = binding("actor", "ClusterRole", "actor");
    await server.send("POST", `${RBAC}/clusterrolebindings`, {
      ...bound,
      kind: "ClusterRoleBinding",
      metadata: { name: "actor" },
    });
    await server.clock.settle();
    const { status, body } = await asBot("POST", path, {}, extra);
    expect(status).toBe(403);
    expect(body.message).toBe(
      `userextras.authentication.k8s.io "lab, attic" is forbidden: User "${ACCOUNT}" cannot impersonate resource ` +
        '"userextras/acme.com/project" in API group "authentication.k8s.io" at the cluster scope',
    );
  });

  it("is nobody's without the right", async () => {
    const { status, body } = await asBot("GET", "/api", undefined, { "impersonate-user": "jane" });
    expect(status).toBe(403);
    expect(body.message).toBe(
      `users "jane" is forbidden: User "${ACCOUNT}" cannot impersonate resource "users" ` +
        'in API group "" at the cluster scope',
    );
  });
});
