import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalError } from "./errors.ts";
import { endpointOfContext, parseKubeconfig } from "./kubeconfig.ts";
import { mergedText, mergeIntoFile } from "./kubeconfig-merge.ts";
import { kubeconfigItems, ownKubeconfig } from "./own-kubeconfig.ts";

const own = {
  cluster: "dev",
  url: "https://127.0.0.1:6443",
  certificateAuthority: "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n",
  token: "t0ken",
};
const moved = { ...own, url: "https://127.0.0.1:7000", token: "other" };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kubesim-kubeconfig-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const BLOCK = `apiVersion: v1
# Mine, do not touch.
kind: Config
clusters:
- cluster:
    server: https://prod.example:6443   # behind the VPN
  name: prod

# The next one is old.
- name: old
  cluster: {server: "https://old.example"}
contexts:
- context: {cluster: prod, user: me}
  name: prod
users:
  - name: me
    user:
      token: |-
        secret
preferences: {}
current-context: prod
`;

const entry = (text: string) => {
  const config = parseKubeconfig(text, "config") as Record<
    "clusters" | "users" | "contexts",
    { name: string }[]
  >;
  return {
    cluster: config.clusters.filter(({ name }) => name === "kubesim-dev"),
    user: config.users.filter(({ name }) => name === "kubesim-dev"),
    context: config.contexts.filter(({ name }) => name === "kubesim-dev"),
  };
};

describe("ownKubeconfig", () => {
  it("is read back as the endpoint that it was made from", async () => {
    writeFileSync(join(home, "config"), ownKubeconfig(own));
    const endpoint = await endpointOfContext("kubesim-dev", { KUBECONFIG: join(home, "config") });
    const { url, token, certificateAuthority } = own;
    expect(endpoint).toEqual({ url, token, certificateAuthority });
  });
});

describe("mergedText", () => {
  it("adds the cluster behind the others and leaves every other byte", () => {
    const text = mergedText(BLOCK, own, "config");
    const { clusters, contexts, users } = kubeconfigItems(own);
    const indented = users.replace(/^(?=.)/gm, "  ");
    expect(text.replace(clusters, "").replace(contexts, "").replace(indented, "")).toBe(BLOCK);
    expect(entry(text)).toEqual({
      cluster: [expect.objectContaining({ cluster: expect.objectContaining({ server: own.url }) })],
      user: [{ name: "kubesim-dev", user: { token: own.token } }],
      context: [{ name: "kubesim-dev", context: { cluster: "kubesim-dev", user: "kubesim-dev" } }],
    });
  });

  it("replaces what it wrote before, and changes nothing when nothing is new", () => {
    const once = mergedText(BLOCK, own, "config");
    expect(mergedText(once, own, "config")).toBe(once);
    const again = mergedText(once, moved, "config");
    expect(entry(again).user).toEqual([{ name: "kubesim-dev", user: { token: "other" } }]);
    expect(mergedText(again, own, "config")).toBe(once);
  });

  it.each([
    ["nothing", ""],
    ["a comment", "# mine\n"],
    [
      "empty lists",
      'apiVersion: v1\nclusters: []\ncontexts: []   # none\nusers: null\ncurrent-context: ""\n',
    ],
    ["missing values", "clusters:\nusers:\ncontexts:\n"],
    ["no end of line", "kind: Config\npreferences: {}"],
    ["a list that ends the file without end of line", "clusters:\n- name: a\n  cluster: {server: x}"],
    ["a list in one line", "clusters: [{name: a, cluster: {server: x}}]\nusers: []\n"],
    [
      "windows line ends",
      "kind: Config\r\nclusters:\r\n- name: a\r\n  cluster:\r\n    server: x\r\nusers: []\r\n",
    ],
  ])("copes with %s", (_name, text) => {
    const merged = mergedText(text, own, "config");
    expect(entry(merged).cluster).toHaveLength(1);
    expect(entry(merged).user).toHaveLength(1);
    expect(entry(merged).context).toHaveLength(1);
    expect(mergedText(merged, own, "config")).toBe(merged);
  });

  it("refuses what it cannot change safely, such as JSON", () => {
    const merge = () => mergedText('{"clusters": [], "contexts": [], "users": []}', own, "config");
    expect(merge).toThrow(LocalError);
    expect(merge).toThrow("without changing something else");
  });

  it("sets the current context only where there is none", () => {
    expect(mergedText(BLOCK, own, "config")).toContain("current-context: prod\n");
    expect(mergedText("kind: Config\n", own, "config")).toContain("current-context: kubesim-dev\n");
  });

  it("names file, line and column of a mistake", () => {
    expect(() => mergedText("clusters:\n  - a: b\n c: d\n", own, "/x/config")).toThrow(
      /\/x\/config.*line 3/s,
    );
  });
});

describe("mergeIntoFile", () => {
  it("keeps a private copy of what was there, and makes none when nothing changes", async () => {
    const path = join(home, "config");
    writeFileSync(path, BLOCK, { mode: 0o644 });
    const now = Date.UTC(2025, 0, 2, 3, 4, 5);
    const first = await mergeIntoFile(path, own, now);
    expect(first).toMatchObject({
      changed: true,
      isCurrent: false,
      backup: `${path}.kubesim-backup-20250102T030405Z`,
    });
    expect(readFileSync(first.backup as string, "utf8")).toBe(BLOCK);
    expect(lstatSync(first.backup as string).mode & 0o777).toBe(0o600);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    const second = await mergeIntoFile(path, own, now + 1_000);
    expect(second).toMatchObject({ changed: false });
    expect(second.backup).toBeUndefined();
    expect(readdirSync(home)).toHaveLength(2);
  });

  it("makes the file and its folder when there is none", async () => {
    const path = join(home, ".kube", "config");
    expect(await mergeIntoFile(path, own, 0)).toMatchObject({ changed: true, isCurrent: true });
    expect(readFileSync(path, "utf8")).toBe(ownKubeconfig(own));
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  it("stays away while another program changes it, and from symbolic links", async () => {
    const path = join(home, "config");
    writeFileSync(path, BLOCK);
    writeFileSync(`${path}.lock`, "");
    await expect(mergeIntoFile(path, own, 0)).rejects.toThrow("changed by another program");
    rmSync(`${path}.lock`);
    symlinkSync(path, join(home, "link"));
    await expect(mergeIntoFile(join(home, "link"), own, 0)).rejects.toThrow("symbolic link");
    expect(readFileSync(path, "utf8")).toBe(BLOCK);
  });
});

describe("endpointOfContext", () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  const config = (cluster: string, user: string) =>
    `clusters:\n- name: c\n  cluster: ${cluster}\nusers:\n- name: u\n  user: ${user}\n` +
    "contexts:\n- name: x\n  context: {cluster: c, user: u}\n";

  it("takes files relative to the kubeconfig, and client certificates", async () => {
    for (const name of ["ca", "cert", "key", "token"]) write(name, `${name}!`);
    const user = "{client-certificate: cert, client-key: ./key, tokenFile: token}";
    const path = write("config", config("{server: 'https://s', certificate-authority: ca}", user));
    expect(await endpointOfContext("x", { KUBECONFIG: path })).toEqual({
      url: "https://s",
      certificateAuthority: "ca!",
      token: "token!",
      clientCertificate: { certificate: "cert!", key: "key!" },
    });
  });

  it("reads all files of KUBECONFIG; the first that knows a name wins", async () => {
    const first = write("first", "clusters:\n- name: c\n  cluster: {server: 'https://first'}\n");
    const second = write("second", config("{server: 'https://second'}", "{token: t}"));
    const KUBECONFIG = `${first}:${join(home, "missing")}:${second}`;
    expect(await endpointOfContext("x", { KUBECONFIG })).toEqual({ url: "https://first", token: "t" });
  });

  it.each([
    ["another context", config("{server: s}", "{}"), "y", "There is no context"],
    ["no server", config("{}", "{}"), "x", "has no server"],
    [
      "unchecked certificates",
      config("{server: s, insecure-skip-tls-verify: true}", "{}"),
      "x",
      "skips the check",
    ],
    ["credentials of a program", config("{server: s}", "{exec: {command: c}}"), "x", "another program"],
    ["a missing file", config("{server: s, certificate-authority: nope}", "{}"), "x", "Couldn't read"],
    ["a list", "[]", "x", "no kubeconfig"],
  ])("refuses %s", async (_name, text, context, words) => {
    const path = write("config", text);
    await expect(endpointOfContext(context, { KUBECONFIG: path })).rejects.toThrow(words);
  });
});
