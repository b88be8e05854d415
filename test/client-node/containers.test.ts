import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { gunzipSync } from "node:zlib";
import {
  ApiException,
  Attach,
  CoreV1Api,
  Cp,
  Exec,
  Log,
  type LogOptions,
  Metrics,
  PolicyV1Api,
  PortForward,
  topNodes,
  topPods,
  type V1Status,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ClusterUnderTest, eventually, startForClientNode } from "./cluster.ts";

const NAMESPACE = { namespace: "default" };
const folder = mkdtempSync(join(tmpdir(), "kubesim-client-node-files-"));
let cluster: ClusterUnderTest;
let core: CoreV1Api;

beforeAll(async () => {
  cluster = await startForClientNode();
  core = cluster.config.makeApiClient(CoreV1Api);
  const capacity = { cpu: "4", memory: "8Gi", pods: "110" };
  await core.createNode({ body: { metadata: { name: "node-1" }, status: { capacity } } });
  await launch("web", {
    "kubesim.dev/log-lines": "one\ntwo\nthree",
    "kubesim.dev/log-interval": "20ms",
    "kubesim.dev/usage-cpu": "250m",
  });
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Makes a pod of one container and waits until it runs. */
async function launch(name: string, annotations: Record<string, string>, container: object = {}) {
  const main = { name: "main", image: "web", ports: [{ containerPort: 8080 }], ...container };
  const body = { metadata: { name, annotations, labels: { app: name } }, spec: { containers: [main] } };
  await core.createNamespacedPod({ ...NAMESPACE, body });
  await eventually(
    () => core.readNamespacedPod({ ...NAMESPACE, name }),
    ({ status }) => status?.phase === "Running",
  );
}

/** A stream that remembers, and can be waited for. */
function memory() {
  const stream = new PassThrough();
  const pieces: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => pieces.push(chunk));
  const bytes = () => Buffer.concat(pieces);
  const text = () => bytes().toString("utf8");
  const until = (wanted: string | RegExp) =>
    new Promise<string>((resolve) => {
      const look = () =>
        (typeof wanted === "string" ? text().includes(wanted) : wanted.test(text())) && resolve(text());
      stream.on("data", look);
      look();
    });
  const ended = new Promise<string>((resolve) => stream.on("end", () => resolve(text())));
  return { stream, bytes, text, until, ended };
}

async function exec(command: string[], input?: PassThrough, pod = "web") {
  const out = memory();
  const err = memory();
  let tell: (status: V1Status) => void = () => {};
  const status = new Promise<V1Status>((resolve) => {
    tell = resolve;
  });
  const client = new Exec(cluster.config);
  await client.exec("default", pod, "main", command, out.stream, err.stream, input ?? null, false, tell);
  return { status, out, err };
}

it("reads logs, follows them to the end of the container, and tells what there is not", async () => {
  const client = new Log(cluster.config);
  const read = async (pod: string, options: LogOptions, container = "main") => {
    const into = memory();
    const controller = await client.log("default", pod, container, into.stream, options);
    return { ...into, controller };
  };
  expect(await (await read("web", { limitBytes: 8 })).ended).toBe("one\ntwo\n");
  const followed = await read("web", { follow: true, tailLines: 1, timestamps: true });
  await followed.until(/^(\d{4}-\S+Z \w+\n){4}/);
  followed.controller.abort();
  await launch("short", {
    "kubesim.dev/duration": "1s",
    "kubesim.dev/log-lines": "all",
    "kubesim.dev/log-interval": "0",
  });
  const whole = await read("short", { follow: true });
  expect(await whole.ended).toBe("all\n");
  await expect(read("web", {}, "nosuch")).rejects.toMatchObject({ code: 400 });
  await expect(read("none", {})).rejects.toMatchObject({ code: 404 });
});

it("runs commands: both outputs, stdin to its end, exit code in the status", async () => {
  const { status, out, err } = await exec(["sh", "-c", "echo out; echo err >&2; exit 3"]);
  expect(await status).toMatchObject({
    status: "Failure",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "3" }] },
  });
  expect([await out.ended, await err.ended]).toEqual(["out\n", "err\n"]);
  const input = new PassThrough();
  const counted = await exec(["wc", "-c"], input);
  input.end(Buffer.alloc(500_000, "x"));
  expect(await counted.status).toMatchObject({ status: "Success" });
  expect((await counted.out.ended).trim()).toBe("500000");
});

it("refuses to run where nothing runs", async () => {
  await expect(exec(["true"], undefined, "none")).rejects.toMatchObject({
    message: expect.stringContaining("404"),
  });
});

it("is a shell at a terminal", async () => {
  const input = new PassThrough();
  const out = memory();
  let tell: (status: V1Status) => void = () => {};
  const status = new Promise<V1Status>((resolve) => {
    tell = resolve;
  });
  await new Exec(cluster.config).exec("default", "web", "main", "sh", out.stream, null, input, true, tell);
  await out.until("/ # ");
  input.write("hostname\r");
  await out.until("\r\nweb\r\n/ # ");
  input.write("exit 7\r");
  expect(await status).toMatchObject({ details: { causes: [{ message: "7" }] } });
});

it("attaches to the log of one container and to the shell of another", async () => {
  const client = new Attach(cluster.config);
  const log = memory();
  const connection = await client.attach("default", "web", "main", log.stream, null, null, false);
  await log.until(/one\ntwo\nthree\n/);
  connection.close();
  await launch("shell", {}, { stdin: true });
  const input = new PassThrough();
  const out = memory();
  await client.attach("default", "shell", "main", out.stream, null, input, false);
  input.write("echo $HOSTNAME\n");
  await out.until("shell\n");
});

it("copies a folder to a pod, and gets it back as it asks for it: packed with gzip", async () => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256));
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "deep", "bytes"), bytes);
  await new Cp(cluster.config).cpToPod("default", "web", "main", folder, "/tmp");
  const size = async () => (await (await exec(["sh", "-c", "cat /tmp/deep/bytes | wc -c"])).out.ended).trim();
  await eventually(size, (text) => text === "100000");
  // What cpFromPod runs; it does not unpack what it gets, on any cluster.
  const { out } = await exec(["tar", "zcf", "-", "-C", "/tmp", "deep"]);
  await out.ended;
  expect(gunzipSync(out.bytes()).includes(bytes)).toBe(true);
});

it("forwards a port", async () => {
  const page = memory();
  const errors = memory();
  const input = new PassThrough();
  await new PortForward(cluster.config).portForward(
    "default",
    "web",
    [8080],
    page.stream,
    errors.stream,
    input,
  );
  input.write("GET /there HTTP/1.1\r\nHost: web\r\n\r\n");
  expect(await page.until("request: GET /there\n")).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Hello from web\n/);
  expect(errors.text()).toBe("");
});

it("measures what pods and nodes use", async () => {
  const metrics = new Metrics(cluster.config);
  const [pod] = (await topPods(core, metrics, "default")).filter(({ Pod }) => Pod.metadata?.name === "web");
  expect(pod?.CPU.CurrentUsage).toBe(0.25);
  expect(pod?.Containers).toMatchObject([{ Container: "main", CPUUsage: { CurrentUsage: 0.25 } }]);
  const [node] = await topNodes(core);
  expect(node?.Node.metadata?.name).toBe("node-1");
  expect(node?.CPU.Capacity).toBe(4);
  const { items } = await metrics.getNodeMetrics();
  expect(items).toMatchObject([
    { metadata: { name: "node-1" }, usage: { memory: expect.stringMatching(/Ki$/) } },
  ]);
});

it("evicts pods, as far as their budget allows", async () => {
  await launch("one", {});
  const spec = { minAvailable: 1, selector: { matchLabels: { app: "one" } } };
  const policy = cluster.config.makeApiClient(PolicyV1Api);
  await policy.createNamespacedPodDisruptionBudget({
    ...NAMESPACE,
    body: { metadata: { name: "one" }, spec },
  });
  await eventually(
    () => policy.readNamespacedPodDisruptionBudget({ ...NAMESPACE, name: "one" }),
    ({ status }) => status?.currentHealthy === 1,
  );
  const evict = (name: string) =>
    core.createNamespacedPodEviction({ ...NAMESPACE, name, body: { metadata: { ...NAMESPACE, name } } });
  const refusal = await evict("one").catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ApiException);
  expect(refusal).toMatchObject({ code: 429, body: expect.stringContaining("disruption budget") });
  // A bare pod is moved: another one of its name takes its place.
  const before = (await core.readNamespacedPod({ ...NAMESPACE, name: "web" })).metadata?.uid;
  await evict("web");
  const now = () => core.readNamespacedPod({ ...NAMESPACE, name: "web" });
  await eventually(now, ({ metadata }) => metadata?.uid !== before);
});
