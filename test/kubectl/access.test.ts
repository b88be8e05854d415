import { expect, it } from "vitest";
import { kubectlFor } from "./kubectl.ts";
import { type Stage, withKubectl } from "./suite.ts";

const BOT = "system:serviceaccount:default:bot";

const READERS = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: default}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: bot, namespace: default}
`;

/** Runs one kubectl command with another token in place of the cluster's own. */
async function runWith(token: string, { kubectl, server }: Stage, ...args: string[]) {
  const other = kubectlFor(kubectl.binary, { ...server, token });
  const outcome = await other.run(args);
  other.dispose();
  return outcome;
}

withKubectl("on access", (stage) => {
  it("tells who one is, and what one may do", async () => {
    const { kubectl } = stage();
    expect(await kubectl("auth", "whoami")).toMatch(
      /Username +kubernetes-admin\nGroups +\[system:masters system:authenticated\]/,
    );
    expect(await kubectl("auth", "can-i", "delete", "nodes")).toBe("yes\n");
    expect(await kubectl("auth", "can-i", "--list")).toMatch(/\*\.\* +\[\] +\[\] +\[\*\]/);
    const refused = await kubectl.run(["auth", "can-i", "list", "pods", "--as", BOT]);
    expect([refused.code, refused.stdout]).toEqual([1, "no\n"]);
  });

  it("reconciles roles and bindings", async () => {
    const { kubectl } = stage();
    await kubectl("create", "serviceaccount", "bot");
    const file = kubectl.file("readers.yaml", READERS);
    const said = await kubectl("auth", "reconcile", "-f", file);
    expect(said).toContain("role.rbac.authorization.k8s.io/reader reconciled");
    expect(said).toContain("rolebinding.rbac.authorization.k8s.io/reader reconciled");
    await kubectl(
      "patch",
      "role",
      "reader",
      "--type=json",
      "-p",
      '[{"op":"remove","path":"/rules/0/verbs/1"}]',
    );
    expect((await kubectl.run(["auth", "can-i", "list", "pods", "--as", BOT])).stdout).toBe("no\n");
    await kubectl("auth", "reconcile", "-f", file);
    expect(await kubectl("auth", "can-i", "list", "pods", "--as", BOT)).toBe("yes\n");
    expect(await kubectl("auth", "can-i", "--list", "--as", BOT)).toMatch(/pods +\[\] +\[\] +\[get list\]/);
  });

  it("lets a token of a service account do what its roles allow, until the account is deleted", async () => {
    const { kubectl } = stage();
    const token = (await kubectl("create", "token", "bot", "--duration=1h")).trim();
    const run = (...args: string[]) => runWith(token, stage(), ...args);
    expect((await run("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).stdout).toBe(BOT);
    expect((await run("get", "pods")).stderr).toContain("No resources found in default namespace.");
    expect((await run("get", "secrets")).stderr).toBe(
      `Error from server (Forbidden): secrets is forbidden: User "${BOT}" cannot list resource "secrets" ` +
        'in API group "" in the namespace "default"\n',
    );
    expect((await run("create", "configmap", "mine")).stderr).toContain(
      `configmaps is forbidden: User "${BOT}" cannot create resource "configmaps"`,
    );
    await kubectl("delete", "serviceaccount", "bot");
    expect((await run("get", "pods")).stderr).toContain("You must be logged in to the server");
    expect((await kubectl.run(["create", "token", "bot"])).stderr).toBe(
      'error: failed to create token: serviceaccounts "bot" not found\n',
    );
  });
});
