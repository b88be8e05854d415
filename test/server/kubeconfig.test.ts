import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { endpointOfContext } from "../../src/client/kubeconfig.ts";
import { homes, recordOf, stateOf } from "./home.ts";

const newHome = homes();

describe("kubesim kubeconfig", () => {
  it("prints the cluster's kubeconfig and where it is, starting the server it speaks of", async () => {
    const home = newHome();
    const { stdout, stderr } = await home.succeed(["kubeconfig"]);
    expect(stderr).toContain("Started cluster");
    const path = (await home.succeed(["kubeconfig", "--path"])).stdout.trim();
    expect(path).toBe(stateOf(home).kubeconfig);
    expect(stdout).toBe(readFileSync(path, "utf8"));
    expect(await endpointOfContext("kubesim-default", { KUBECONFIG: path })).toEqual({
      url: recordOf(home).url,
      token: readFileSync(stateOf(home).token, "utf8").trim(),
      certificateAuthority: readFileSync(stateOf(home).authority, "utf8"),
    });
  });

  it("merges into ~/.kube/config or KUBECONFIG only when told to, and keeps what is there", async () => {
    const home = newHome();
    await home.succeed(["kubeconfig"]);
    expect(readdirSync(home.path)).not.toContain(".kube");
    const made = await home.succeed(["kubeconfig", "--merge"]);
    expect(made.stdout).toBe("context/kubesim-default merged\n");
    expect(lstatSync(join(home.path, ".kube", "config")).mode & 0o777).toBe(0o600);
    const other = join(home.path, "other");
    const theirs =
      "# theirs\nclusters:\n- name: prod\n  cluster: {server: https://prod}\ncurrent-context: prod\n";
    writeFileSync(other, theirs);
    const env = { KUBECONFIG: other };
    const merged = await home.succeed(["kubeconfig", "--merge"], { env });
    expect(merged.stderr).toContain("kubectl --context kubesim-default get nodes");
    expect(merged.stderr).toContain("The file as it was: ");
    const text = readFileSync(other, "utf8");
    expect(text.startsWith(theirs.slice(0, theirs.indexOf("current-context")))).toBe(true);
    expect(text).toContain("current-context: prod\n");
    expect((await home.succeed(["nodes", "list", "--context", "kubesim-default"], { env })).code).toBe(0);
    expect((await home.succeed(["kubeconfig", "--merge"], { env })).stdout).toBe(
      "context/kubesim-default unchanged\n",
    );
  });

  it("is about this machine: --server makes no sense with it", async () => {
    const { code, stderr } = await newHome().run(["kubeconfig", "--server", "https://127.0.0.1:1"]);
    expect(code).toBe(2);
    expect(stderr).toContain("hint: ");
  });
});
