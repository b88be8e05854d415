import { afterEach, describe, expect, it } from "vitest";
import { KINDS } from "../../src/api/registry.ts";
import { fixedKinds } from "../../src/api/served-kinds.ts";
import { createRandom } from "../../src/lib/random.ts";
import { fetchFrom } from "../../src/server/fetch.ts";
import { createHandler } from "../../src/server/handler.ts";
import { ClusterUnderTest, type PodOptions } from "../scenarios/cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

/** A cluster with one node and one pod, and its logs over the API. */
async function launched(options: PodOptions) {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  await cluster.launch("web", options);
  await cluster.clock.advance(1_000);
  const { objects, clock, kubelets } = cluster;
  const failures: unknown[] = [];
  const onError = (error: unknown) => failures.push(error);
  const random = createRandom("logs");
  const handler = createHandler({
    objects,
    kinds: fixedKinds(KINDS),
    clock,
    random,
    kubelets,
    version: "1",
    token: undefined,
    onError,
  });
  const fetch = fetchFrom(handler);
  const open = (query: string) =>
    fetch(new Request(`http://localhost/api/v1/namespaces/default/pods/web/log?${query}`));
  const log = async (query = "") => (await open(query)).text();
  const refusal = async (query: string) => {
    const response = await open(query);
    return [response.status, ((await response.json()) as { message: string }).message];
  };
  return { open, log, refusal };
}

const CRASHING: PodOptions = {
  annotations: { "kubesim.dev/duration": "30s", "kubesim.dev/exit-code": "3" },
};

describe("logs", () => {
  it("are the same whenever they are read, and grow with the cluster's clock", async () => {
    const { log } = await launched({});
    const early = await log();
    expect(early).toMatch(
      /^level=info msg="starting main on node-1" image="busybox"\nlevel=info msg="ready"\n/,
    );
    await cluster.clock.advance(600_000);
    const late = await log();
    expect(late.startsWith(early)).toBe(true);
    expect(late.split("\n").length).toBeGreaterThan(early.split("\n").length + 30);
    expect(await log()).toBe(late);
    cluster.stop();
    const before = late;
    const again = await launched({});
    await cluster.clock.advance(600_000);
    expect(await again.log()).toBe(before);
  });

  it("of a container that failed say why, also as the previous one after its restart", async () => {
    const { log, refusal } = await launched(CRASHING);
    expect(await refusal("previous=true")).toEqual([
      400,
      'previous terminated container "main" in pod "web" not found',
    ]);
    const failed = /level=error msg="main failed" exit_code=3\n$/;
    await cluster.clock.advance(30_000);
    expect(await log("previous=true")).toMatch(failed);
    expect(await log()).toContain("(restart 1)");
    expect(await log()).not.toContain("level=error");
    await cluster.clock.advance(30_000);
    // From the second time on it waits before it is started again.
    const ended = await log();
    expect(ended).toContain("(restart 1)");
    expect(ended).toMatch(failed);
    expect(await log("previous=true")).toBe(ended);
    await cluster.clock.advance(11_000);
    expect(await log("previous=true")).toBe(ended);
    expect(await log()).toContain("(restart 2)");
  });

  it("take every option of the API", async () => {
    const { log } = await launched({
      annotations: { "kubesim.dev/log-lines": "one\ntwo\nthree", "kubesim.dev/log-interval": "10s" },
    });
    await cluster.clock.advance(59_000);
    const all = "one\ntwo\nthree\none\ntwo\nthree\none\n";
    expect(await log()).toBe(all);
    expect(await log("tailLines=2")).toBe("three\none\n");
    expect(await log("tailLines=0")).toBe("");
    expect(await log("tailLines=99")).toBe(all);
    expect(await log("sinceSeconds=25")).toBe("two\nthree\none\n");
    expect(await log("sinceTime=2025-01-01T00:00:40Z&timestamps=true")).toBe(
      "2025-01-01T00:00:40.000000000Z two\n" +
        "2025-01-01T00:00:50.000000000Z three\n2025-01-01T00:01:00.000000000Z one\n",
    );
    expect(await log("limitBytes=9")).toBe("one\ntwo\nt");
    expect(await log("container=main&tailLines=1")).toBe("one\n");
  });

  it("refuse in the words of Kubernetes", async () => {
    const two = { containers: [{ name: "a" }, { name: "b" }] };
    const { refusal } = await launched({ spec: two });
    expect(await refusal("")).toEqual([
      400,
      "a container name must be specified for pod web, choose one of: [a b]",
    ]);
    expect(await refusal("container=x")).toEqual([400, "container x is not valid for pod web"]);
    expect(await refusal("container=a&tailLines=-1")).toEqual([
      422,
      'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ]);
    expect((await refusal("container=a&sinceSeconds=0&limitBytes=x"))[0]).toBe(422);
    await cluster.fail("node-1");
    await cluster.clock.advance(1);
    const [status, message] = await refusal("container=a");
    expect(status).toBe(503);
    expect(message).toMatch(
      /^Get "https:\/\/[\d.]+:10250\/containerLogs\/default\/web": dial tcp [\d.]+:10250: connect: no route to host$/,
    );
  });

  it("say that a container has not started", async () => {
    const { refusal } = await launched({ annotations: { "kubesim.dev/start-delay": "10s" } });
    expect(await refusal("")).toEqual([
      400,
      'container "main" in pod "web" is waiting to start: ContainerCreating',
    ]);
  });

  it("can be followed line by line until the container ends", async () => {
    const { open } = await launched({
      annotations: {
        "kubesim.dev/log-lines": "tick",
        "kubesim.dev/log-interval": "10s",
        "kubesim.dev/duration": "25s",
      },
      restartPolicy: "Never",
    });
    const reader = ((await open("follow=true")).body as ReadableStream<Uint8Array>).getReader();
    const next = async () => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await next()).toBe("tick\n");
    const second = next();
    await cluster.clock.advance(10_000);
    expect(await second).toBe("tick\n");
    await cluster.clock.advance(20_000);
    expect(await next()).toBe("tick\n");
    expect((await reader.read()).done).toBe(true);
  });

  it("stop being followed when the pod is deleted", async () => {
    const { open } = await launched({});
    const whole = open("follow=true").then((response) => response.text());
    await cluster.clock.settle();
    await cluster.deletePod("web");
    await cluster.clock.advance(1_000);
    expect(await whole).toMatch(/received signal, shutting down" signal=SIGTERM/);
  });
});
