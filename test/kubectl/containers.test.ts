import { readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { untilLogged } from "./kubectl.ts";
import { withCluster } from "./workloads.ts";

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
  annotations: {kubesim.dev/log-lines: "one\\ntwo\\nthree", kubesim.dev/log-interval: 10ms}
spec:
  containers:
  - {name: main, image: web, ports: [{containerPort: 8080}]}
  - {name: side, image: side}
---
apiVersion: v1
kind: Pod
metadata: {name: crash, annotations: {kubesim.dev/duration: 1s, kubesim.dev/exit-code: "3"}}
spec:
  containers: [{name: main, image: web}]
`;

/** kubectl from 1.30 and 1.31 on takes WebSockets; these make it speak SPDY as the older ones do. */
const TRANSPORTS = [
  ["WebSocket", {}],
  ["SPDY", { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: "false", KUBECTL_PORT_FORWARD_WEBSOCKETS: "false" }],
] as const;

withCluster("with containers", (kubectl) => {
  it("reads logs with every flag", async () => {
    await kubectl()("create", "-f", kubectl().file("pods.yaml", POD));
    await kubectl()("wait", "pod/web", "--for=condition=Ready", "--timeout=100s");
    expect(await kubectl()("logs", "web", "-c", "main", "--limit-bytes=10")).toBe("one\ntwo\nth");
    expect(await kubectl()("logs", "web", "-c", "side", "--tail=2")).toMatch(/^\w+\n\w+\n$/);
    // In no particular order with older kubectls.
    const both = await kubectl()("logs", "web", "--all-containers", "--prefix", "--tail=1");
    expect(both.trimEnd().split("\n").sort()).toEqual([
      expect.stringMatching(/^\[pod\/web\/main\] \w+$/),
      expect.stringMatching(/^\[pod\/web\/side\] \w+$/),
    ]);
    expect(await kubectl()("logs", "-l", "app=web", "--tail=1", "--timestamps", "--since=1h")).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]+\.\d{9}Z \w+\n$/,
    );
    const wrong = await kubectl().run(["logs", "web", "-c", "nosuch"]);
    expect(wrong.stderr).toContain("container nosuch is not valid for pod web");
  });

  it("follows a log to its end, and reads that of the run before", async () => {
    await expect.poll(async () => (await kubectl().run(["logs", "crash", "--previous"])).code).toBe(0);
    expect(await kubectl()("logs", "crash", "--previous")).toMatch(/main failed" exit_code=3\n$/);
    await kubectl()("run", "short", "--image=x", "--restart=Never", "--annotations=kubesim.dev/duration=2s");
    await untilLogged(kubectl(), "short");
    expect(await kubectl()("logs", "-f", "short")).toMatch(/msg="short finished" after=\d+s\n$/);
  });

  for (const [name, env] of TRANSPORTS) {
    it(`runs commands over ${name}`, async () => {
      const exec = (args: string[], input?: string) =>
        kubectl().run(["exec", ...args], { env, ...(input !== undefined && { input }) });
      expect(
        await exec(["web", "-c", "main", "--", "sh", "-c", "echo out; echo err >&2; exit 3"]),
      ).toMatchObject({
        code: 3,
        stdout: "out\n",
        stderr: expect.stringMatching(/^err\ncommand terminated with exit code 3\n$/),
      });
      expect(await exec(["-i", "web", "-c", "main", "--", "wc", "-c"], "x".repeat(200_000))).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^\s*200000\s*$/),
      });
      expect(await exec(["-i", "web", "--", "sh"], "cd /etc\npwd\nexit 5\n")).toMatchObject({
        code: 5,
        stdout: "/etc\n",
      });
      expect((await exec(["web", "-c", "nosuch", "--", "ls"])).stderr).toContain(
        "container nosuch is not valid for pod web",
      );
    });

    it(`copies files both ways over ${name}`, async () => {
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 256));
      const from = kubectl().file("bytes", "");
      writeFileSync(from, bytes);
      const copy = async (...args: string[]) =>
        expect(await kubectl().run(["cp", ...args, "-c", "main"], { env })).toMatchObject({ code: 0 });
      await copy(from, `web:/tmp/${name}/copy`);
      const back = join(dirname(from), `back-${name}`);
      await copy(`web:/tmp/${name}/copy`, back);
      expect(readFileSync(back).equals(bytes)).toBe(true);
      await copy(`web:/tmp/${name}`, join(dirname(from), `folder-${name}`));
      expect(readFileSync(join(dirname(from), `folder-${name}`, "copy")).equals(bytes)).toBe(true);
    });

    it(`forwards ports over ${name}`, async () => {
      const forward = kubectl().startWith(env, "port-forward", "web", ":8080", ":9000");
      const text = await forward.until(/127\.0\.0\.1:\d+ -> 8080[\s\S]*127\.0\.0\.1:\d+ -> 9000/);
      const port = (target: number) =>
        Number(new RegExp(`127\\.0\\.0\\.1:(\\d+) -> ${target}`).exec(text)?.[1]);
      const page = await fetch(`http://127.0.0.1:${port(8080)}/some/path`);
      expect(await page.text()).toMatch(/^Hello from web\n[\s\S]*request: GET \/some\/path\n$/);
      expect(await echoed(port(9000), Buffer.alloc(100_000, "echo"))).toBe(true);
      forward.stop();
    });
  }

  it("has the token of its account, with which the API server knows the pod", async () => {
    const path = "/var/run/secrets/kubernetes.io/serviceaccount";
    const token = await kubectl()("exec", "web", "-c", "main", "--", "cat", `${path}/token`);
    const who = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const file = kubectl().file("who.json", JSON.stringify(who));
    const asked = ["create", "--token", token, "--raw", "/apis/authentication.k8s.io/v1/selfsubjectreviews"];
    const { status } = JSON.parse(await kubectl()(...asked, "-f", file)) as { status: { userInfo: object } };
    expect(status.userInfo).toMatchObject({
      username: "system:serviceaccount:default:default",
      extra: { "authentication.kubernetes.io/pod-name": ["web"] },
    });
    expect(await kubectl()("exec", "web", "-c", "main", "--", "cat", `${path}/ca.crt`)).toContain(
      "CERTIFICATE",
    );
  });

  it("shows init containers and sidecars as they come and go", async () => {
    const yaml = `apiVersion: v1
kind: Pod
metadata:
  name: inits
  annotations: {setup.kubesim.dev/duration: 1h}
spec:
  initContainers:
  - {name: proxy, image: proxy, restartPolicy: Always}
  - {name: setup, image: setup}
  containers: [{name: main, image: web}]
`;
    await kubectl()("create", "-f", kubectl().file("inits.yaml", yaml));
    const shown = () => kubectl()("get", "pod", "inits", "--no-headers");
    await expect.poll(shown).toMatch(/inits\s+1\/2\s+Init:1\/2\s+0/);
    const early = await kubectl().run(["logs", "inits", "-c", "main"]);
    expect(early.stderr).toContain('container "main" in pod "inits" is waiting to start: PodInitializing');
    expect(await kubectl()("exec", "inits", "-c", "setup", "--", "echo", "inside")).toBe("inside\n");
    await kubectl()("annotate", "pod", "inits", "setup.kubesim.dev/duration=0s", "--overwrite");
    await kubectl()("wait", "pod/inits", "--for=condition=Ready", "--timeout=100s");
    expect(await shown()).toMatch(/inits\s+2\/2\s+Running\s+0/);
    expect(await kubectl()("logs", "inits", "-c", "setup")).toMatch(/msg="setup finished"/);
    expect(await kubectl()("describe", "pod", "inits")).toMatch(/setup:[\s\S]*Reason:\s+Completed/);
  });

  it("attaches, and runs a pod for one command", async () => {
    const attach = kubectl().start("attach", "web", "-c", "main");
    await attach.until(/one\ntwo\nthree\none/);
    attach.stop();
    const run = ["run", "once", "--image=busybox", "--restart=Never", "-i", "--rm", "--", "echo", "hello"];
    expect((await kubectl().run(run)).stdout).toMatch(/^hello\n/);
    expect((await kubectl().run(["get", "pod", "once"])).code).toBe(1);
  });
});

/** Sends bytes to an echo and says whether they all come back. */
function echoed(port: number, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, "127.0.0.1", () => socket.write(bytes));
    let received = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < bytes.length) return;
      socket.destroy();
      resolve(received.equals(bytes));
    });
    socket.on("error", reject);
  });
}
