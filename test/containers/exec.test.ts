import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RemoteProcess } from "../../src/api/container-access.ts";
import { configMaps } from "../../src/api/kinds/config-map.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";

let cluster: ClusterUnderTest;

beforeAll(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
  await cluster.objects.create(configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
    data: { "app.conf": "colour=blue\n" },
  });
  const spec = {
    volumes: [
      { name: "conf", configMap: { name: "settings" } },
      { name: "scratch", emptyDir: {} },
      { name: "info", downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } },
    ],
    containers: [
      {
        name: "main",
        env: [
          { name: "PLAIN", value: "a b" },
          { name: "JOINED", value: "$(PLAIN)-$$" },
          { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "settings", key: "app.conf" } } },
        ],
        volumeMounts: [
          { name: "conf", mountPath: "/conf" },
          { name: "scratch", mountPath: "/scratch" },
          { name: "info", mountPath: "/info" },
        ],
      },
      { name: "side", volumeMounts: [{ name: "scratch", mountPath: "/data" }] },
    ],
  };
  await cluster.launch("web", { spec });
  await cluster.clock.advance(1_000);
});

afterAll(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

/** A process in the pod, with all that it has printed. */
async function exec(
  command: string[],
  request = { stdin: false, tty: false },
  container = "main",
  pod = "web",
) {
  const kubelet = cluster.kubelets[0];
  if (kubelet === undefined) throw new Error("no agent");
  const printed = { out: Buffer.alloc(0), err: "" };
  const watchers = new Set<() => void>();
  const process = await kubelet.exec(
    await cluster.pod(pod),
    container,
    { command, ...request },
    {
      stdout: (chunk) => {
        printed.out = Buffer.concat([printed.out, chunk]);
        for (const watcher of watchers) watcher();
      },
      stderr: (chunk) => {
        printed.err += Buffer.from(chunk).toString();
      },
    },
  );
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => printed.out.includes(text) && resolve();
      watchers.add(look);
      look();
    });
  return { process: process as RemoteProcess, printed, until };
}

async function run(...command: string[]) {
  const { process, printed } = await exec(command);
  const exit = await process.exit;
  return { code: "code" in exit ? exit.code : exit.failure, out: printed.out.toString(), err: printed.err };
}

const sh = (script: string) => run("sh", "-c", script);

describe("exec", () => {
  it("runs a command and ends with its code", async () => {
    expect(await run("echo", "hello", "two  words")).toEqual({ code: 0, out: "hello two  words\n", err: "" });
    expect(await sh("echo out; echo err >&2; exit 3")).toEqual({ code: 3, out: "out\n", err: "err\n" });
    expect((await run("nosuch")).code).toBe(127);
    expect(await sh("set -- a b; echo $2; false")).toMatchObject({ code: 1, out: "b\n" });
    expect(await run("sh", "-c", "echo $0-$1", "name", "first")).toMatchObject({
      out: expect.stringContaining("first"),
    });
    expect(
      await sh(
        "echo a 2>&1; echo b; { echo c; echo d; } > /tmp/f; cat /tmp/f; if true; then echo e | tr e E; fi",
      ),
    ).toMatchObject({ code: 0, out: "a\nb\nc\nd\nE\n" });
  });

  it("shows the container's own environment and files", async () => {
    expect((await sh("hostname; cat /etc/hostname; whoami; id -u")).out).toBe("web\nweb\nroot\n0\n");
    expect((await sh('echo "$PLAIN|$JOINED|$NODE|$COLOUR|$KUBERNETES_SERVICE_HOST"')).out).toBe(
      "a b|a b-$|node-1|colour=blue\n|10.96.0.1\n",
    );
    expect(
      (await sh("cat /conf/app.conf /info/name; cat /var/run/secrets/kubernetes.io/serviceaccount/namespace"))
        .out,
    ).toBe("colour=blue\nwebdefault");
    expect((await sh("grep web /etc/hosts; grep search /etc/resolv.conf")).out).toMatch(
      /^10\.128\.\S+\tweb\nsearch default\.svc\.cluster\.local /,
    );
    expect((await sh("ps")).out).toMatch(/PID.*\n\s+1 root .* main\n/);
    // The cluster's clock, not the machine's.
    expect((await sh("date -u +%Y-%m-%dT%H:%M:%S")).out).toBe("2025-01-01T00:00:01\n");
  });

  it("keeps files as long as the container, and shares an emptyDir", async () => {
    await sh("echo kept > /tmp/kept; echo shared > /scratch/file");
    expect((await sh("cat /tmp/kept")).out).toBe("kept\n");
    const { process, printed } = await exec(["cat", "/data/file", "/tmp/kept"], undefined, "side");
    expect(await process.exit).toEqual({ code: 1 });
    expect(printed.out.toString()).toBe("shared\n");
  });

  it("reads stdin, bytes included", async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 0x80, 200]);
    const { process, printed } = await exec(["cat"], { stdin: true, tty: false });
    process.write(bytes.subarray(0, 3));
    process.write(bytes.subarray(3));
    process.endInput();
    expect(await process.exit).toEqual({ code: 0 });
    expect(printed.out.equals(bytes)).toBe(true);
    const shell = await exec(["sh"], { stdin: true, tty: false });
    shell.process.write(Buffer.from("x=1\nfor i in 1 2; do\n"));
    shell.process.write(Buffer.from("echo $i$x; done\nf() { echo in f; }\n"));
    await shell.until("21\n");
    shell.process.write(Buffer.from("cd /etc; pwd; f\nexit 4\necho never\n"));
    expect(await shell.process.exit).toEqual({ code: 4 });
    expect(shell.printed.out.toString()).toBe("11\n21\n/etc\nin f\n");
  });

  it("is a shell at a terminal: prompt, echo, editing, Ctrl-C, exit", async () => {
    const { process, printed, until } = await exec(["sh"], { stdin: true, tty: true });
    const type = (text: string) => process.write(Buffer.from(text));
    await until("/ # ");
    type("echo helo\x7flo\r");
    await until("\r\nhello\r\n/ # ");
    type("cd /tmp\r");
    await until("/tmp # ");
    type("sleep 1000\r");
    await until("sleep 1000\r\n");
    type("\x03");
    await until("^C\r\n/tmp # ");
    type('echo "a\r');
    await until("> ");
    type('b"\r');
    await until("a\r\nb\r\n");
    type("cat <<E\rin it\rE\r");
    await until("> E\r\nin it\r\n");
    type("false\r\x04");
    expect(await process.exit).toEqual({ code: 1 });
    expect(printed.err).toBe("");
  });

  it("prints as it goes, and sleeps by the cluster's clock", async () => {
    const { process, printed, until } = await exec([
      "sh",
      "-c",
      "for i in 1 2 3; do echo $i; sleep 100; done",
    ]);
    await until("1\n");
    const later = async () => {
      await cluster.clock.advance(100_000);
      return printed.out.toString();
    };
    await expect.poll(later).toContain("2\n");
    process.hangUp();
    expect(await process.exit).toEqual({ code: 137 });
  });

  it("ends loops without end, and leaves the server responsive", async () => {
    const started = exec(["sh", "-c", "while true; do :; done"]);
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const { process, printed } = await started;
    const exit = await process.exit;
    clearInterval(timer);
    expect(exit).not.toEqual({ code: 0 });
    expect(printed.err).toContain("too many");
    expect(turns).toBeGreaterThan(10);
  });

  it("lets others run while one computes without end", async () => {
    const busy = await exec(["sh", "-c", "f() { for i in $(seq 1 90000); do :; done; }; f"]);
    let isOver = false;
    void busy.process.exit.then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 3; turn++) expect((await run("echo", "meanwhile")).out).toBe("meanwhile\n");
    expect(isOver).toBe(false);
    busy.process.hangUp();
    expect((await sh("until false; do echo $?; break; done; while true; do echo $?; break; done")).out).toBe(
      "1\n0\n",
    );
    expect((await sh("set -e; for i in 1 2; do echo $i; done; echo $?")).out).toBe("1\n2\n0\n");
  });

  it("lets other pods' commands run while one computes in one go", async () => {
    await cluster.launch("other");
    await cluster.clock.advance(1_000);
    const elsewhere = async () => {
      const { process, printed } = await exec(["echo", "hi"], { stdin: false, tty: false }, "main", "other");
      expect([await process.exit, printed.out.toString()]).toEqual([{ code: 0 }, "hi\n"]);
    };
    const resting = await exec(["sleep", "1h"]);
    // Makes the other pod's thread.
    await elsewhere();
    resting.process.hangUp();
    const busy = await exec(["sh", "-c", "seq 1 400000 | sort -r | sort | sort -r | tail -1"]);
    let isOver = false;
    void busy.process.exit.then(() => {
      isOver = true;
    });
    await elsewhere();
    expect(isOver).toBe(false);
    busy.process.hangUp();
  });

  it("fills no more than a disk's worth of memory, and goes on when there is room again", async () => {
    const upload = await exec(["sh", "-c", "cat > /tmp/a"], { stdin: true, tty: false });
    upload.process.write(Buffer.alloc(20_000_000));
    upload.process.endInput();
    expect(await upload.process.exit).toEqual({ code: 0 });
    const { process, printed } = await exec(["sh"], { stdin: true, tty: false });
    process.write(Buffer.from("for i in b c d; do cat /tmp/a > /tmp/$i; done\n"));
    process.write(Buffer.from("rm /tmp/*\necho small > /tmp/e && cat /tmp/e\n"));
    process.endInput();
    expect(await process.exit).toEqual({ code: 0 });
    expect(printed.err).toContain("No space left on device");
    expect(printed.out.toString()).toMatch(/small\n$/);
  });

  it("reaches nothing of the machine", async () => {
    expect((await sh("ls /")).out).not.toMatch(/\bsys\b|work|lib64/);
    expect((await sh("cat /proc/1/environ /etc/shadow /etc/ssl/openssl.cnf")).code).not.toBe(0);
    expect(
      (await sh("curl http://127.0.0.1; wget http://127.0.0.1; node -e 1; python3 -c 1; nc 127.0.0.1 1"))
        .code,
    ).toBe(127);
    expect((await sh("env")).out).not.toContain(globalThis.process.env.PATH as string);
    expect((await sh("echo x > /dev/tcp/127.0.0.1/80; cat < /dev/tcp/127.0.0.1/80")).out).not.toContain(
      "HTTP",
    );
    expect((await sh(`cat ${import.meta.filename}`)).code).toBe(1);
  });

  it("packs and unpacks archives, binary content included", async () => {
    await sh(
      "mkdir -p /tmp/d/e; seq 1 2000 | gzip > /tmp/d/bin; echo deep > /tmp/d/e/f; ln -s f /tmp/d/e/link",
    );
    const packed = await exec(["tar", "cf", "-", "/tmp/d"]);
    expect(await packed.process.exit).toEqual({ code: 0 });
    expect(packed.printed.err).toContain("Removing leading `/'");
    const unpack = await exec(["tar", "-xmf", "-", "-C", "/opt"], { stdin: true, tty: false });
    unpack.process.write(packed.printed.out);
    unpack.process.endInput();
    expect(await unpack.process.exit).toEqual({ code: 0 });
    expect((await sh("cat /opt/tmp/d/e/link; gzip -dc < /opt/tmp/d/bin | tail -n 1")).out).toBe(
      "deep\n2000\n",
    );
    expect(await run("tar", "cf", "-", "/nosuch")).toMatchObject({ code: 2 });
    expect(await sh("echo no archive at all | tar xf -")).toMatchObject({ code: 2 });
  });

  it("kill 1 ends the container, and its files with it", async () => {
    const { process } = await exec(["sh", "-c", "kill -9 1; sleep 1000"]);
    expect(await process.exit).toEqual({ code: 137 });
    await cluster.clock.settle();
    const pod = await cluster.pod("web");
    expect(pod.status.containerStatuses?.[0]?.lastState.terminated?.exitCode).toBe(137);
    // It is started again at once, but the second time only after ten seconds.
    expect((await sh("ls /tmp")).out).toBe("");
    await sh("kill -9 1");
    await cluster.clock.settle();
    await expect(run("echo")).rejects.toThrow('container not found ("main")');
    await cluster.clock.advance(11_000);
    expect((await sh("echo again")).out).toBe("again\n");
  });
});
